/* The hardware abstraction layer: everything a program needs, in one include.
 *
 * soc.h and the register headers are generated from the SoC description and the device models.
 */
#ifndef HAL_H
#define HAL_H

#include "console.h"
#include "dma.h"
#include "exit.h"
#include "heap.h"
#include "interrupts.h"
#include "memory.h"
#include "mmio.h"
#include "soc.h"
#include "systolic.h"
#include "timer.h"
#include "trace.h"

#endif
