// Strings, a compressor and its inverse, an interpreter with a switch, and atomics.
#include "support.h"
#include <stdarg.h>

static char buffer[512];

// A few forms of printf.
static void format(const char *form, ...) {
  va_list arguments;
  va_start(arguments, form);
  char *out = buffer;
  for (; *form; form++) {
    if (*form != '%') {
      *out++ = *form;
      continue;
    }
    switch (*++form) {
    case 'd': {
      int value = va_arg(arguments, int);
      char digits[12];
      int count = 0;
      unsigned rest = value < 0 ? 0u - (unsigned)value : (unsigned)value;
      do digits[count++] = (char)('0' + rest % 10);
      while (rest /= 10);
      if (value < 0) *out++ = '-';
      while (count) *out++ = digits[--count];
      break;
    }
    case 's':
      for (const char *text = va_arg(arguments, const char *); *text;) *out++ = *text++;
      break;
    case 'f': {
      double value = va_arg(arguments, double);
      *out++ = (char)('0' + (int)value % 10);
      *out++ = '.';
      for (int i = 0; i < 9; i++) *out++ = (char)('0' + (int)((value = (value - (int)value) * 10)) % 10);
      break;
    }
    case 'l': *out++ = (char)('a' + ((uint32_t)(va_arg(arguments, long long) >> 20) % 26)); break;
    default: *out++ = '?';
    }
  }
  *out = 0;
  va_end(arguments);
  print_text("text", buffer);
}

static const char poem[] =
    "she sells sea shells by the sea shore, the shells she sells are sea shells for sure; "
    "so if she sells sea shells on the sea shore, the shells are sea shore shells";

static uint8_t packed[400];
static char unpacked[400];

static size_t compress(void) {
  size_t out = 0, count = sizeof poem;
  for (size_t at = 0; at < count;) {
    size_t best = 0, place = 0;
    for (size_t from = at > 250 ? at - 250 : 0; from < at; from++) {
      size_t length = 0;
      while (length < 100 && at + length < count && poem[from + length] == poem[at + length]) length++;
      if (length > best) best = length, place = at - from;
    }
    if (best > 3) {
      packed[out++] = (uint8_t)(128 + best);
      packed[out++] = (uint8_t)place;
      at += best;
    } else {
      packed[out++] = (uint8_t)poem[at++];
    }
  }
  return out;
}

static size_t expand(size_t count) {
  size_t out = 0;
  for (size_t at = 0; at < count; at++) {
    if (packed[at] < 128) {
      unpacked[out++] = (char)packed[at];
    } else {
      size_t length = packed[at] - 128u, place = packed[++at];
      for (; length--; out++) unpacked[out] = unpacked[out - place];
    }
  }
  return out;
}

// Prime numbers by a small stack machine.
enum { PUSH, ADD, SUBTRACT, MULTIPLY, REMAINDER, LOAD, STORE, ZERO_JUMP, JUMP, EMIT, LESS, HALT };
static const int16_t code[] = {
    PUSH, 2, STORE, 0,                                    //  0: n = 2
    PUSH, 2, STORE, 1,                                    //  4: d = 2
    LOAD, 1, LOAD, 1, MULTIPLY, LOAD, 0, LESS,            //  8: n < d * d
    ZERO_JUMP, 23, LOAD, 0, EMIT, JUMP, 39,               // 16: then n is prime
    LOAD, 0, LOAD, 1, REMAINDER, ZERO_JUMP, 39,           // 23: n % d == 0
    LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, 8,             // 30: d = d + 1
    LOAD, 0, PUSH, 1, ADD, STORE, 0,                      // 39: n = n + 1
    PUSH, 120, LOAD, 0, LESS, ZERO_JUMP, 55, JUMP, 4,     // 46: while n < 120
    HALT};

static void interpret(void) {
  int64_t stack[16], memory[4] = {0}, sum = 0;
  int top = 0, at = 0, steps = 0;
  while (code[at] != HALT && steps++ < 30000) {
    switch (code[at++]) {
    case PUSH: stack[top++] = code[at++]; break;
    case ADD: top--, stack[top - 1] += stack[top]; break;
    case SUBTRACT: top--, stack[top - 1] -= stack[top]; break;
    case MULTIPLY: top--, stack[top - 1] *= stack[top]; break;
    case REMAINDER: top--, stack[top - 1] = (int32_t)stack[top - 1] % (int32_t)stack[top]; break;
    case LESS: top--, stack[top - 1] = stack[top] < stack[top - 1]; break;
    case LOAD: stack[top++] = memory[code[at++] & 3]; break;
    case STORE: memory[code[at++] & 3] = stack[--top]; break;
    case ZERO_JUMP: at = stack[--top] == 0 ? code[at] : at + 1; break;
    case JUMP: at = code[at]; break;
    case EMIT: sum = sum * 7 + stack[--top]; break;
    }
    if (top < 0 || top > 14) top = 1;
  }
  print_unsigned("machine", (uint64_t)sum);
  print_unsigned("steps", (uint64_t)steps);
}

static long counter = 5;

void program(void) {
  format("%d %d %d %s %f %l", 0, -2147483647 - 1, 42, "words", 3.14159265358979, 1234567890123LL);
  size_t size = compress();
  print_unsigned("packed", size);
  print_unsigned("same", expand(size) == sizeof poem && !memcmp(poem, unpacked, sizeof poem));
  print_text("unpacked", unpacked);
  interpret();
  for (int i = 0; i < 20; i++) {
    __atomic_fetch_add(&counter, i, __ATOMIC_SEQ_CST);
    __atomic_fetch_xor(&counter, 0x55, __ATOMIC_RELAXED);
    long expected = counter;
    __atomic_compare_exchange_n(&counter, &expected, expected * 3, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    expected = 12;
    __atomic_compare_exchange_n(&counter, &expected, 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    print_unsigned("atomics", (uint64_t)(int64_t)(counter + expected));
  }
}
