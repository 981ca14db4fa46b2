/* Systolic arrays, output stationary (OSArray) and weight stationary (WSArray): O = A * B. */
#ifndef SYSTOLIC_H
#define SYSTOLIC_H

#include <stdbool.h>
#include <stdint.h>

#include "interrupts.h"
#include "soc.h"
#include "systolic_registers.h"

/* A job: O[m x n] = A[m x k] * B[k x n] and what happens to the result. */
struct systolic_job {
  uint32_t m, n, k;
  /* SYSTOLIC_FLAGS_... */
  uint32_t flags;
  /* Used with SYSTOLIC_FLAGS_REQUANTISE; the clamp bounds are those of the operand type. */
  uint32_t scale, shift;
};

enum { SYSTOLIC_SHADOWS = 6 };

/* An array; make one with SYSTOLIC_DEVICE. */
struct systolic {
  uintptr_t base;
  unsigned source;
  /* Columns and rows of processing elements. */
  uint32_t xdim, ydim;
  /* Jobs whose operands have not all been taken, as last seen. */
  volatile uint32_t queued;
  volatile bool is_busy;
  /* The first error since systolic_open: SYSTOLIC_STATUS_ERROR_CODE_..., 0 for none. */
  volatile uint32_t error;
  /* Jobs started since reset. */
  uint32_t started;
  /* What the job registers hold, so that equal values need not be written again. */
  uint32_t shadow[SYSTOLIC_SHADOWS];
};

/* The array whose name in the SoC description is, in capitals, NAME. */
#define SYSTOLIC_DEVICE(NAME)  \
  {.base = SOC_##NAME##_BASE,  \
   .source = SOC_##NAME##_IRQ, \
   .xdim = SOC_##NAME##_XDIM,  \
   .ydim = SOC_##NAME##_YDIM}

/* Prepares an array: clears its flags, attaches its interrupt. */
void systolic_open(struct systolic *array);

/* Sets what the next jobs compute; registers that hold the right value already are not written. */
void systolic_configure(struct systolic *array, const struct systolic_job *job);

/* Starts a job as configured, or queues it behind the one that takes operands; sleeps while the
 * queue is full. */
void systolic_start(struct systolic *array);

/* Writes `count` biases into bank 0 or 1. The array reads them when result rows leave: no
 * unfinished job may use the bank. */
void systolic_load_bias(struct systolic *array, unsigned bank, const int32_t *bias, uint32_t count);

/* Sleeps until at most `unfinished` of the jobs started are not finished. */
void systolic_wait_until(struct systolic *array, uint32_t unfinished);

/* Sleeps until all jobs are finished. Returns the error code, 0 for none. */
uint32_t systolic_wait(struct systolic *array);

/* What an error code means. */
const char *systolic_error_text(uint32_t code);

#endif
