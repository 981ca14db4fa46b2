/* Machine-mode interrupts: external ones through the PLIC, and the timer's. */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

#include <stdbool.h>
#include <stdint.h>

/* Called with interrupts off. A handler of an external source must make its device lower the line.
 */
typedef void (*interrupt_handler)(void *context);

/* Lets `handler` be called with `context` when PLIC source `source` (1 to 31) interrupts; NULL
 * takes the source off. Has no effect on a system without a PLIC. */
void interrupt_attach(unsigned source, interrupt_handler handler, void *context);

/* Lets `handler` be called while the timer interrupt is up; NULL takes it off. */
void interrupt_attach_timer(interrupt_handler handler, void *context);

/* Switches interrupts on. At reset they are off; waiting works either way. */
static inline void interrupts_enable(void) { __asm__ volatile("csrsi mstatus, 8" ::: "memory"); }

/* Switches interrupts off; returns what interrupts_restore needs. */
static inline uint32_t interrupts_disable(void) {
  uint32_t state;
  __asm__ volatile("csrrci %0, mstatus, 8" : "=r"(state)::"memory");
  return state & 8;
}

/* Switches interrupts on again if they were on. */
static inline void interrupts_restore(uint32_t state) {
  __asm__ volatile("csrs mstatus, %0" ::"r"(state) : "memory");
}

/* Sleeps until an attached interrupt is pending and handles it. Call with interrupts off and after
 * the condition was looked at: an interrupt that came in between ends the sleep at once. */
void interrupt_wait(void);

/* Sleeps until `condition`, which handlers change, holds. */
#define WAIT_UNTIL(condition)                   \
  do {                                          \
    uint32_t wait_state = interrupts_disable(); \
    while (!(condition)) interrupt_wait();      \
    interrupts_restore(wait_state);             \
  } while (0)

#endif
