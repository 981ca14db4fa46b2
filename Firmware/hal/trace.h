/* Marks for the simulator's reports; no effect on a system without a marker block. */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* Everything from now on is charged to the layer or phase `name` (at most 64 bytes). */
void flecsim_tag(const char *name);

/* Opens or closes the window in which waveforms are recorded. */
void flecsim_waves(bool is_on);

/* Simulated time in nanoseconds; 0 without a marker block. */
uint64_t flecsim_time_ns(void);

#endif
