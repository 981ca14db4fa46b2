#include "interrupts.h"

#include <stddef.h>

#include "console.h"
#include "exit.h"
#include "mmio.h"
#include "soc.h"
#ifdef HAL_PLIC_BASE
#include "plic_registers.h"
#endif

enum { SOURCES = 32, TIMER_BIT = 1 << 7, EXTERNAL_BIT = 1 << 11 };

struct attachment {
  interrupt_handler handler;
  void *context;
};

static struct attachment sources[SOURCES];
static struct attachment timer;

void interrupt_dispatch(void);
_Noreturn void exception_unhandled(uintptr_t cause, uintptr_t pc, uintptr_t value);

static void allow(uint32_t bit, bool is_on) {
  if (is_on) {
    __asm__ volatile("csrs mie, %0" ::"r"(bit) : "memory");
  } else {
    __asm__ volatile("csrc mie, %0" ::"r"(bit) : "memory");
  }
}

void interrupt_attach(unsigned source, interrupt_handler handler, void *context) {
  if (source == 0 || source >= SOURCES) return;
  uint32_t state = interrupts_disable();
  sources[source] = (struct attachment){handler, context};
#ifdef HAL_PLIC_BASE
  uint32_t bit = 1u << source;
  uint32_t enabled = mmio_read(HAL_PLIC_BASE + PLIC_ENABLE);
  mmio_write(HAL_PLIC_BASE + PLIC_PRIORITY(source), handler != NULL);
  mmio_write(HAL_PLIC_BASE + PLIC_ENABLE, handler != NULL ? enabled | bit : enabled & ~bit);
  allow(EXTERNAL_BIT, true);
#endif
  interrupts_restore(state);
}

void interrupt_attach_timer(interrupt_handler handler, void *context) {
  uint32_t state = interrupts_disable();
  timer = (struct attachment){handler, context};
  allow(TIMER_BIT, handler != NULL);
  interrupts_restore(state);
}

/* Handles one pending interrupt of each kind; start.S calls it too. */
void interrupt_dispatch(void) {
  uint32_t pending;
  __asm__ volatile("csrr %0, mip" : "=r"(pending)::"memory");
#ifdef HAL_PLIC_BASE
  if (pending & EXTERNAL_BIT) {
    uint32_t source = mmio_read(HAL_PLIC_BASE + PLIC_CLAIM);
    if (source != 0 && source < SOURCES) {
      if (sources[source].handler != NULL) sources[source].handler(sources[source].context);
      mmio_write(HAL_PLIC_BASE + PLIC_CLAIM, source);
    }
  }
#endif
  if (pending & TIMER_BIT) {
    if (timer.handler != NULL) {
      timer.handler(timer.context);
    } else {
      allow(TIMER_BIT, false);
    }
  }
}

void interrupt_wait(void) {
#ifdef HAL_PLIC_BASE
  __asm__ volatile("wfi" ::: "memory");
#endif
  interrupt_dispatch();
}

static const char *const exception_names[] = {
    "instruction address misaligned",
    "instruction access fault",
    "illegal instruction",
    "breakpoint",
    "load address misaligned",
    "load access fault",
    "store address misaligned",
    "store access fault",
    "environment call from U-mode",
    "environment call from S-mode",
    "reserved",
    "environment call from M-mode",
};

#if __riscv_xlen == 64
#define REGISTER "0x%016lx"
#else
#define REGISTER "0x%08x"
#endif

_Noreturn void exception_unhandled(uintptr_t cause, uintptr_t pc, uintptr_t value) {
  const uint32_t known = sizeof exception_names / sizeof exception_names[0];
  print(
      "unhandled exception %u (%s) at pc " REGISTER ", mtval " REGISTER "\n", (unsigned)cause,
      cause < known ? exception_names[cause] : "reserved", pc, value);
  exit(128 + (int)(cause & 0x7F));
}
