// Start, output by the Linux system calls write and exit, and the functions compilers call.
#include "support.h"

static char stack[65536] __attribute__((aligned(16), used));

__asm__(
    ".globl _start\n"
    "_start:\n"
    "  la sp, stack + 65536\n"
    "  call start\n");

static long call(long number, long a, long b, long c) {
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}

static char output[4096];
static size_t used;

static void flush(void) {
  call(64, 1, (long)output, (long)used);
  used = 0;
}

static void put(char c) {
  if (used == sizeof output) flush();
  output[used++] = c;
}

static void put_text(const char *text) {
  while (*text) put(*text++);
}

static void put_hexadecimal(uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
}

void print_text(const char *name, const char *text) {
  put_text(name);
  put_text(": ");
  put_text(text);
  put('\n');
}

void print_unsigned(const char *name, uint64_t value) {
  put_text(name);
  put_text(": ");
  put_hexadecimal(value);
  put('\n');
}

void print_double(const char *name, double value) {
  uint64_t bits;
  __builtin_memcpy(&bits, &value, 8);
  print_unsigned(name, bits);
}

void print_float(const char *name, float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, 4);
  print_unsigned(name, bits);
}

__attribute__((noreturn, used)) void start(void) {
  program();
  flush();
  for (;;) call(93, 0, 0, 0);
}

void *memcpy(void *to, const void *from, size_t count) {
  char *t = to;
  const char *f = from;
  while (count--) {
    *t++ = *f++;
    __asm__ volatile("");
  }
  return to;
}

void *memset(void *to, int byte, size_t count) {
  char *t = to;
  while (count--) {
    *t++ = (char)byte;
    __asm__ volatile("");
  }
  return to;
}

int memcmp(const void *a, const void *b, size_t count) {
  const unsigned char *x = a, *y = b;
  for (; count--; x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}

size_t strlen(const char *text) {
  size_t count = 0;
  while (text[count]) {
    count++;
    __asm__ volatile("");
  }
  return count;
}
