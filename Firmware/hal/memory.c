#include "memory.h"

#include <stdint.h>

/* Word accesses to objects of any type. */
typedef uint32_t __attribute__((may_alias)) word;

static int is_aligned(const void *pointer) { return ((uintptr_t)pointer & 3) == 0; }

void *memcpy(void *restrict destination, const void *restrict source, size_t count) {
  uint8_t *to = destination;
  const uint8_t *from = source;
  if ((((uintptr_t)to ^ (uintptr_t)from) & 3) == 0) {
    while (count > 0 && !is_aligned(to)) {
      *to++ = *from++;
      count -= 1;
    }
    while (count >= 16) {
      word first = ((const word *)from)[0], second = ((const word *)from)[1];
      word third = ((const word *)from)[2], fourth = ((const word *)from)[3];
      ((word *)to)[0] = first;
      ((word *)to)[1] = second;
      ((word *)to)[2] = third;
      ((word *)to)[3] = fourth;
      to += 16;
      from += 16;
      count -= 16;
    }
    while (count >= 4) {
      *(word *)to = *(const word *)from;
      to += 4;
      from += 4;
      count -= 4;
    }
  }
  while (count-- > 0) *to++ = *from++;
  return destination;
}

void *memmove(void *destination, const void *source, size_t count) {
  uint8_t *to = destination;
  const uint8_t *from = source;
  if ((uintptr_t)to - (uintptr_t)from >= count) return memcpy(destination, source, count);
  while (count-- > 0) to[count] = from[count];
  return destination;
}

void *memset(void *destination, int value, size_t count) {
  uint8_t *to = destination;
  word pattern = (uint8_t)value * 0x01010101u;
  while (count > 0 && !is_aligned(to)) {
    *to++ = (uint8_t)value;
    count -= 1;
  }
  while (count >= 4) {
    *(word *)to = pattern;
    to += 4;
    count -= 4;
  }
  while (count-- > 0) *to++ = (uint8_t)value;
  return destination;
}

int memcmp(const void *left, const void *right, size_t count) {
  const uint8_t *one = left;
  const uint8_t *other = right;
  for (; count > 0; count -= 1, one += 1, other += 1) {
    if (*one != *other) return *one < *other ? -1 : 1;
  }
  return 0;
}
