#include "timer.h"

#include <stdbool.h>
#include <stddef.h>

#include "mmio.h"
#include "soc.h"

static interrupt_handler due_handler;
static void *due_context;

#if __riscv_xlen == 64

uint64_t timer_cycles(void) {
  uint64_t cycles;
  __asm__ volatile("csrr %0, mcycle" : "=r"(cycles));
  return cycles;
}

#else

uint64_t timer_cycles(void) {
  uint32_t high, low, again;
  do {
    __asm__ volatile("csrr %0, mcycleh" : "=r"(high));
    __asm__ volatile("csrr %0, mcycle" : "=r"(low));
    __asm__ volatile("csrr %0, mcycleh" : "=r"(again));
  } while (high != again);
  return (uint64_t)high << 32 | low;
}

#endif

#ifdef HAL_CLINT_BASE

#include "clint_registers.h"

uint64_t timer_now(void) {
  uint32_t high, low, again;
  do {
    high = mmio_read(HAL_CLINT_BASE + CLINT_MTIME + 4);
    low = mmio_read(HAL_CLINT_BASE + CLINT_MTIME);
    again = mmio_read(HAL_CLINT_BASE + CLINT_MTIME + 4);
  } while (high != again);
  return (uint64_t)high << 32 | low;
}

/* The high half is all ones in between, so that no value in between is due. */
static void set_compare(uint64_t time) {
  mmio_write(HAL_CLINT_BASE + CLINT_MTIMECMP + 4, UINT32_MAX);
  mmio_write(HAL_CLINT_BASE + CLINT_MTIMECMP, (uint32_t)time);
  mmio_write(HAL_CLINT_BASE + CLINT_MTIMECMP + 4, (uint32_t)(time >> 32));
}

static void timer_due(void *unused) {
  (void)unused;
  set_compare(UINT64_MAX);
  interrupt_handler handler = due_handler;
  due_handler = NULL;
  if (handler != NULL) handler(due_context);
}

void timer_at(uint64_t time, interrupt_handler handler, void *context) {
  uint32_t state = interrupts_disable();
  due_handler = handler;
  due_context = context;
  set_compare(time);
  interrupt_attach_timer(timer_due, NULL);
  interrupts_restore(state);
}

#else

uint64_t timer_now(void) { return 0; }

/* Without a timer, everything is due at once. */
void timer_at(uint64_t time, interrupt_handler handler, void *context) {
  (void)time;
  due_handler = handler;
  due_context = context;
  if (due_handler != NULL) due_handler(due_context);
}

#endif

static void wake(void *context) { *(volatile bool *)context = true; }

void timer_sleep(uint64_t ticks) {
  volatile bool is_over = false;
  timer_at(timer_now() + ticks, wake, (void *)&is_over);
  WAIT_UNTIL(is_over);
}
