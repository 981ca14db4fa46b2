/* Time and the machine timer (CLINT). */
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

#include "interrupts.h"

/* Ticks of mtime per second, whatever the clocks of the system. */
#define TIMER_HZ 10000000u

/* Ticks since the start; 0 without a CLINT. */
uint64_t timer_now(void);

/* Calls `handler` once when timer_now() has reached `time`. */
void timer_at(uint64_t time, interrupt_handler handler, void *context);

/* Sleeps for a number of ticks; uses the timer, so that a pending timer_at is lost. */
void timer_sleep(uint64_t ticks);

/* Clock cycles of the hart since reset (mcycle). */
uint64_t timer_cycles(void);

#endif
