/* Conversions between binary32 and 64-bit integers for 32-bit harts with floating-point registers: they have
 * instructions for 32-bit integers only. */
#if defined(__riscv_flen) && __riscv_xlen == 32
#include <stdint.h>

int64_t __fixsfdi(float value);
uint64_t __fixunssfdi(float value);
float __floatdisf(int64_t value);
float __floatundisf(uint64_t value);

static uint32_t bits_of(float value) {
  union {
    float number;
    uint32_t bits;
  } pattern = {.number = value};
  return pattern.bits;
}

uint64_t __fixunssfdi(float value) {
  if (!(value > 0)) return 0;
  if (value < 0x1p32f) return (uint32_t)value;
  uint32_t bits = bits_of(value);
  int32_t exponent = (int32_t)(bits >> 23) - 127;
  if (exponent > 63) return UINT64_MAX;
  return (uint64_t)((bits & 0x7FFFFF) | 0x800000) << (exponent - 23);
}

int64_t __fixsfdi(float value) {
  if (value != value) return INT64_MAX;
  if (value >= 0x1p63f) return INT64_MAX;
  if (value <= -0x1p63f) return INT64_MIN;
  return value < 0 ? -(int64_t)__fixunssfdi(-value) : (int64_t)__fixunssfdi(value);
}

float __floatundisf(uint64_t value) {
  float scale = 1;
  while (value >> 32 != 0) {
    /* The lowest bit remembers what was shifted out: 32 bits round to 24 as 64 would. */
    value = value >> 1 | (value & 1);
    scale += scale;
  }
  return (float)(uint32_t)value * scale;
}

float __floatdisf(int64_t value) {
  return value < 0 ? -__floatundisf(-(uint64_t)value) : __floatundisf((uint64_t)value);
}
#endif
