// What the compiled test programs use: output, and nothing of a C library.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Prints a line "name: value".
void print_unsigned(const char *name, uint64_t value);
void print_double(const char *name, double value);
void print_float(const char *name, float value);
void print_text(const char *name, const char *text);

// Each program's own part.
void program(void);

void *memcpy(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
int memcmp(const void *a, const void *b, size_t count);
size_t strlen(const char *text);

// A linear congruential generator, the same everywhere.
static inline uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

// Accrued floating-point flags, and the rounding mode.
static inline unsigned take_flags(void) {
  unsigned flags;
  __asm__ volatile("fsflagsi %0, 0" : "=r"(flags));
  return flags;
}
static inline void set_rounding(unsigned mode) { __asm__ volatile("fsrm %0" : : "r"(mode)); }

// Instructions that a freestanding compiler would call a library for.
static inline double square_root(double x) {
  __asm__ volatile("fsqrt.d %0, %0" : "+f"(x));
  return x;
}
static inline double fused(double a, double b, double c) {
  __asm__ volatile("fmadd.d %0, %1, %2, %3" : "=f"(a) : "f"(a), "f"(b), "f"(c));
  return a;
}
static inline float fused_single(float a, float b, float c) {
  __asm__ volatile("fmadd.s %0, %1, %2, %3" : "=f"(a) : "f"(a), "f"(b), "f"(c));
  return a;
}
