/* Binary32 arithmetic, which compilers call by these names for processors without the F extension.
 * Results are those of IEEE 754, rounded to nearest even, subnormal numbers included. Numbers are
 * their bit patterns, which is how such processors pass them. */
#include <stdint.h>

#ifndef __riscv_flen

#define SIGN 0x80000000u
#define INFINITE 0x7F800000u
#define NAN 0x7FC00000u

uint32_t __addsf3(uint32_t a, uint32_t b);
uint32_t __subsf3(uint32_t a, uint32_t b);
uint32_t __mulsf3(uint32_t a, uint32_t b);
uint32_t __divsf3(uint32_t a, uint32_t b);
uint32_t __negsf2(uint32_t a);
int __eqsf2(uint32_t a, uint32_t b);
int __nesf2(uint32_t a, uint32_t b);
int __ltsf2(uint32_t a, uint32_t b);
int __lesf2(uint32_t a, uint32_t b);
int __gtsf2(uint32_t a, uint32_t b);
int __gesf2(uint32_t a, uint32_t b);
int __unordsf2(uint32_t a, uint32_t b);
int32_t __fixsfsi(uint32_t a);
uint32_t __fixunssfsi(uint32_t a);
int64_t __fixsfdi(uint32_t a);
uint64_t __fixunssfdi(uint32_t a);
uint32_t __floatsisf(int32_t value);
uint32_t __floatunsisf(uint32_t value);
uint32_t __floatdisf(int64_t value);
uint32_t __floatundisf(uint64_t value);

static uint32_t leading_zeros(uint32_t value) {
  uint32_t count = 0;
  if (value >> 16 == 0) count += 16, value <<= 16;
  if (value >> 24 == 0) count += 8, value <<= 8;
  if (value >> 28 == 0) count += 4, value <<= 4;
  if (value >> 30 == 0) count += 2, value <<= 2;
  return count + (value >> 31 == 0);
}

/* Shifts right; bits that are lost set the last one. */
static uint32_t jammed(uint32_t value, uint32_t shift) {
  if (shift > 31) return value != 0;
  return shift == 0 ? value : value >> shift | ((value << (32 - shift)) != 0);
}

/* A number of a mantissa with its highest bit at 30 and the biased exponent that bit stands for. */
static uint32_t rounded(uint32_t sign, int32_t exponent, uint32_t mantissa) {
  if (exponent >= 255) return sign | INFINITE;
  if (exponent <= 0) {
    mantissa = jammed(mantissa, (uint32_t)(1 - exponent));
    exponent = 0;
  }
  uint32_t rest = mantissa & 0x7F;
  mantissa >>= 7;
  mantissa += rest > 0x40 || (rest == 0x40 && (mantissa & 1) != 0);
  /* The highest bit of the mantissa adds one to the exponent. */
  if (exponent > 0) mantissa += (uint32_t)(exponent - 1) << 23;
  return sign | mantissa;
}

/* As `rounded`, of a mantissa below 2^31 other than 0. */
static uint32_t normalised(uint32_t sign, int32_t exponent, uint32_t mantissa) {
  uint32_t shift = leading_zeros(mantissa) - 1;
  return rounded(sign, exponent - (int32_t)shift, mantissa << shift);
}

/* The sum of numbers of which one is zero, subnormal, very large or no number; |a| >= |b|. */
static __attribute__((noinline)) uint32_t rare_sum(uint32_t a, uint32_t b) {
  uint32_t left = a & ~SIGN, right = b & ~SIGN;
  if (left >= INFINITE) {
    if (left > INFINITE) return a | 0x400000;
    return right == INFINITE && a != b ? NAN : a;
  }
  if (right == 0) return left == 0 ? a & b : a;
  int32_t exponent = (int32_t)(left >> 23), lower = (int32_t)(right >> 23);
  uint32_t large = (left & 0x7FFFFF) << 6, small = (right & 0x7FFFFF) << 6;
  if (exponent > 0) {
    large |= 0x20000000;
  } else {
    exponent = 1;
  }
  if (lower > 0) {
    small |= 0x20000000;
  } else {
    lower = 1;
  }
  small = jammed(small, (uint32_t)(exponent - lower));
  if (((a ^ b) & SIGN) == 0) {
    uint32_t sum = large + small;
    if (sum >> 30) return rounded(a & SIGN, exponent + 1, sum);
    if (sum >> 29) return rounded(a & SIGN, exponent, sum << 1);
    return (a & SIGN) | sum >> 6;
  }
  uint32_t difference = large - small;
  if (difference == 0) return 0;
  return normalised(a & SIGN, exponent + 1, difference);
}

uint32_t __addsf3(uint32_t a, uint32_t b) {
  if (a << 1 < b << 1) {
    uint32_t swap = a;
    a = b;
    b = swap;
  }
  uint32_t exponent = a >> 23 & 0xFF, lower = b >> 23 & 0xFF;
  /* Sums of these exponents are normal numbers. */
  if (exponent - 32 >= 220 || lower == 0) return rare_sum(a, b);
  uint32_t shift = exponent - lower;
  if (shift > 31) return a;
  /* 24 bits of the mantissas, 6 below. */
  uint32_t large = (a << 6 | 0x20000000) & 0x3FFFFFFF;
  uint32_t small = (b << 6 | 0x20000000) & 0x3FFFFFFF;
  uint32_t shifted = small >> shift;
  shifted |= shifted << shift != small;
  uint32_t sum;
  if ((int32_t)(a ^ b) >= 0) {
    sum = large + shifted;
    if (sum >> 30) {
      sum = sum >> 1 | (sum & 1);
      exponent += 1;
    }
  } else {
    sum = large - shifted;
    if (sum == 0) return 0;
    while (sum >> 25 == 0) {
      sum <<= 4;
      exponent -= 4;
    }
    while (sum >> 29 == 0) {
      sum <<= 1;
      exponent -= 1;
    }
  }
  uint32_t mantissa = sum >> 6;
  uint32_t rest = sum & 0x3F;
  mantissa += rest + (mantissa & 1) > 0x20;
  return (a & SIGN) | (((exponent - 1) << 23) + mantissa);
}

uint32_t __subsf3(uint32_t a, uint32_t b) { return __addsf3(a, b ^ SIGN); }
uint32_t __negsf2(uint32_t a) { return a ^ SIGN; }

/* The mantissa of a number other than 0, bit 23 set, and its exponent. */
static uint32_t mantissa_of(uint32_t magnitude, int32_t *exponent) {
  *exponent = (int32_t)(magnitude >> 23);
  uint32_t mantissa = magnitude & 0x7FFFFF;
  if (*exponent > 0) return mantissa | 0x800000;
  uint32_t shift = leading_zeros(mantissa) - 8;
  *exponent = 1 - (int32_t)shift;
  return mantissa << shift;
}

/* The product of numbers of which one is zero, subnormal, infinite or no number, or whose product
 * may be. */
static __attribute__((noinline)) uint32_t rare_product(uint32_t a, uint32_t b) {
  uint32_t sign = (a ^ b) & SIGN;
  uint32_t left = a & ~SIGN, right = b & ~SIGN;
  if (left >= INFINITE || right >= INFINITE) {
    if (left > INFINITE || right > INFINITE || left == 0 || right == 0) return NAN;
    return sign | INFINITE;
  }
  if (left == 0 || right == 0) return sign;
  int32_t left_exponent, right_exponent;
  uint32_t first = mantissa_of(left, &left_exponent), second = mantissa_of(right, &right_exponent);
  /* The highest bit of the product is 61 or 62. */
  uint64_t product = (uint64_t)(first << 8) * (second << 7);
  int32_t exponent = left_exponent + right_exponent - 126;
  uint32_t high = (uint32_t)(product >> 32) | ((uint32_t)product != 0);
  if (high >> 30 == 0) {
    high = (uint32_t)(product >> 31) | ((uint32_t)product << 1 != 0);
    exponent -= 1;
  }
  return rounded(sign, exponent, high);
}

uint32_t __mulsf3(uint32_t a, uint32_t b) {
  uint32_t left = a >> 23 & 0xFF, right = b >> 23 & 0xFF;
  uint32_t exponent = left + right - 127;
  if (left - 1 >= 254 || right - 1 >= 254 || exponent - 1 >= 252) return rare_product(a, b);
  uint64_t product = (uint64_t)(a << 8 | 0x80000000) * (b << 8 | 0x80000000);
  uint32_t high = (uint32_t)(product >> 32), low = (uint32_t)product;
  if ((int32_t)high < 0) {
    exponent += 1;
  } else {
    high = high << 1 | low >> 31;
    low <<= 1;
  }
  /* 24 bits of the mantissa, 8 below; ties to even. */
  uint32_t mantissa = high >> 8;
  uint32_t rest = (high & 0xFF) | (low != 0);
  mantissa += rest + (mantissa & 1) > 0x80;
  return ((a ^ b) & SIGN) | (((exponent - 1) << 23) + mantissa);
}

uint32_t __divsf3(uint32_t a, uint32_t b) {
  uint32_t sign = (a ^ b) & SIGN;
  uint32_t left = a & ~SIGN, right = b & ~SIGN;
  if (left > INFINITE || right > INFINITE) return NAN;
  if (left == INFINITE) return right == INFINITE ? NAN : sign | INFINITE;
  if (right == INFINITE) return sign;
  if (right == 0) return left == 0 ? NAN : sign | INFINITE;
  if (left == 0) return sign;
  int32_t left_exponent, right_exponent;
  uint32_t rest = mantissa_of(left, &left_exponent);
  uint32_t divisor = mantissa_of(right, &right_exponent);
  int32_t exponent = left_exponent - right_exponent + 127;
  if (rest < divisor) {
    rest <<= 1;
    exponent -= 1;
  }
#ifdef __riscv_mul
  /* 8, 8 and 9 bits of the quotient at a time; the first bit is before the point. */
  uint32_t quotient = rest / divisor;
  rest %= divisor;
  for (int step = 0; step < 3; step += 1) {
    rest <<= 8;
    quotient = quotient << 8 | rest / divisor;
    rest %= divisor;
  }
  rest <<= 6;
  quotient = quotient << 6 | rest / divisor;
  rest %= divisor;
#else
  uint32_t quotient = 0;
  for (int bit = 0; bit < 31; bit += 1) {
    quotient <<= 1;
    if (rest >= divisor) {
      rest -= divisor;
      quotient |= 1;
    }
    rest <<= 1;
  }
#endif
  return rounded(sign, exponent, quotient | (rest != 0));
}

/* Less, equal, greater as -1, 0, 1; `unordered` where there is no order. */
static int compared(uint32_t a, uint32_t b, int unordered) {
  if ((a & ~SIGN) > INFINITE || (b & ~SIGN) > INFINITE) return unordered;
  if (((a | b) & ~SIGN) == 0) return 0;
  int32_t left = (int32_t)a < 0 ? (int32_t)(SIGN - a) : (int32_t)a;
  int32_t right = (int32_t)b < 0 ? (int32_t)(SIGN - b) : (int32_t)b;
  return left < right ? -1 : left > right;
}

int __eqsf2(uint32_t a, uint32_t b) { return compared(a, b, 1); }
int __nesf2(uint32_t a, uint32_t b) { return compared(a, b, 1); }
int __ltsf2(uint32_t a, uint32_t b) { return compared(a, b, 1); }
int __lesf2(uint32_t a, uint32_t b) { return compared(a, b, 1); }
int __gtsf2(uint32_t a, uint32_t b) { return compared(a, b, -1); }
int __gesf2(uint32_t a, uint32_t b) { return compared(a, b, -1); }
int __unordsf2(uint32_t a, uint32_t b) { return (a & ~SIGN) > INFINITE || (b & ~SIGN) > INFINITE; }

/* Out of range: the nearest integer there is, as the processor's instructions give it. */
int32_t __fixsfsi(uint32_t a) {
  int32_t exponent = (int32_t)(a >> 23 & 0xFF) - 127;
  if (exponent < 0) return 0;
  if (exponent > 30) return (int32_t)a < 0 && (a & ~SIGN) <= INFINITE ? INT32_MIN : INT32_MAX;
  uint32_t mantissa = (a & 0x7FFFFF) | 0x800000;
  int32_t value =
      (int32_t)(exponent > 23 ? mantissa << (exponent - 23) : mantissa >> (23 - exponent));
  return (int32_t)a < 0 ? -value : value;
}

uint32_t __fixunssfsi(uint32_t a) {
  int32_t exponent = (int32_t)(a >> 23 & 0xFF) - 127;
  if (exponent < 0 || (int32_t)a < 0) return 0;
  if (exponent > 31) return UINT32_MAX;
  uint32_t mantissa = (a & 0x7FFFFF) | 0x800000;
  return exponent > 23 ? mantissa << (exponent - 23) : mantissa >> (23 - exponent);
}

int64_t __fixsfdi(uint32_t a) {
  int32_t exponent = (int32_t)(a >> 23 & 0xFF) - 127;
  if (exponent <= 30) return __fixsfsi(a);
  if (exponent > 62) return (int32_t)a < 0 && (a & ~SIGN) <= INFINITE ? INT64_MIN : INT64_MAX;
  int64_t value = (int64_t)((uint64_t)((a & 0x7FFFFF) | 0x800000) << (exponent - 23));
  return (int32_t)a < 0 ? -value : value;
}

uint64_t __fixunssfdi(uint32_t a) {
  int32_t exponent = (int32_t)(a >> 23 & 0xFF) - 127;
  if (exponent <= 31) return __fixunssfsi(a);
  if ((int32_t)a < 0) return 0;
  if (exponent > 63) return UINT64_MAX;
  return (uint64_t)((a & 0x7FFFFF) | 0x800000) << (exponent - 23);
}

uint32_t __floatunsisf(uint32_t value) {
  if (value == 0) return 0;
  if (value >> 31) return rounded(0, 127 + 31, value >> 1 | (value & 1));
  return normalised(0, 127 + 30, value);
}

uint32_t __floatsisf(int32_t value) {
  return value < 0 ? __floatunsisf(-(uint32_t)value) | SIGN : __floatunsisf((uint32_t)value);
}

uint32_t __floatundisf(uint64_t value) {
  uint32_t high = (uint32_t)(value >> 32);
  if (high == 0) return __floatunsisf((uint32_t)value);
  uint32_t shift = leading_zeros(high);
  uint64_t raised = value << shift;
  uint32_t mantissa =
      (uint32_t)(raised >> 33) | ((uint32_t)(raised << 31 >> 32) != 0) | ((uint32_t)raised != 0);
  return rounded(0, 127 + 63 - (int32_t)shift, mantissa);
}

uint32_t __floatdisf(int64_t value) {
  return value < 0 ? __floatundisf(-(uint64_t)value) | SIGN : __floatundisf((uint64_t)value);
}

#endif
