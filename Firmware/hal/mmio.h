/* Accesses to device registers. */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

static inline uint32_t mmio_read(uintptr_t address) { return *(volatile uint32_t *)address; }

static inline void mmio_write(uintptr_t address, uint32_t value) {
  *(volatile uint32_t *)address = value;
}

static inline uint8_t mmio_read8(uintptr_t address) { return *(volatile uint8_t *)address; }

static inline void mmio_write8(uintptr_t address, uint8_t value) {
  *(volatile uint8_t *)address = value;
}

/* Orders memory and device accesses: before a device is told to read what was written, and after it
 * reported that it has written. */
static inline void mmio_fence(void) { __asm__ volatile("fence iorw, iorw" ::: "memory"); }

#endif
