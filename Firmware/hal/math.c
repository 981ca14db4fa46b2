#include "math.h"

#include <stdbool.h>
#include <stdint.h>

/* Polynomials and reductions after the public-domain Cephes library (S. Moshier); erff after Sun's
 * fdlibm. */

static const float infinity = __builtin_inff();

static uint32_t bits_of(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float float_of(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

static float magnitude(float x) { return float_of(bits_of(x) & 0x7FFFFFFF); }
static bool is_nan(float x) { return (bits_of(x) & 0x7FFFFFFF) > 0x7F800000; }
static float power_of_two(int32_t exponent) { return float_of((uint32_t)(exponent + 127) << 23); }

/* x * 2^exponent for exponents of -280 to 254, in steps that do not round twice. */
static float scaled(float x, int32_t exponent) {
  while (exponent > 127) {
    x *= power_of_two(127);
    exponent -= 127;
  }
  while (exponent < -126) {
    x *= power_of_two(-102);
    exponent += 102;
  }
  return x * power_of_two(exponent);
}

/* Cuts off the bits below 1; adds 1 to the magnitude when that was away from `is_down`. */
static float cut(float x, bool goes_down, bool goes_up) {
  uint32_t bits = bits_of(x);
  int32_t exponent = (int32_t)(bits >> 23 & 0xFF) - 127;
  if (exponent >= 23) return x;
  bool is_negative = bits >> 31 != 0;
  bool grows = is_negative ? goes_down : goes_up;
  if (exponent < 0) {
    if ((bits & 0x7FFFFFFF) == 0) return x;
    return float_of((bits & 0x80000000) | (grows ? 0x3F800000 : 0));
  }
  uint32_t fraction = 0x7FFFFF >> exponent;
  if ((bits & fraction) == 0) return x;
  if (grows) bits += fraction + 1;
  return float_of(bits & ~fraction);
}

float floorf(float x) { return cut(x, true, false); }
float ceilf(float x) { return cut(x, false, true); }
float truncf(float x) { return cut(x, false, false); }

float rintf(float x) {
  uint32_t bits = bits_of(x);
  int32_t exponent = (int32_t)(bits >> 23 & 0xFF) - 127;
  if (exponent >= 23) return x;
  uint32_t sign = bits & 0x80000000;
  if (exponent < -1) return float_of(sign);
  if (exponent == -1) return float_of(sign | ((bits & 0x7FFFFF) != 0 ? 0x3F800000 : 0));
  uint32_t unit = 0x800000u >> exponent;
  /* Half a unit more, less one where that keeps an even number. */
  uint32_t is_even = (bits & unit) == 0 && exponent > 0;
  if (exponent == 0) is_even = 0;
  bits += (unit >> 1) - is_even;
  return float_of(bits & ~(unit - 1));
}

/* The mantissa of a number other than 0 with bit 23 set; the exponent is changed to fit. */
static uint32_t normal(uint32_t magnitude, int32_t *exponent) {
  if (*exponent > 0) return (magnitude & 0x7FFFFF) | 0x800000;
  for (*exponent = 1; magnitude < 0x800000; magnitude <<= 1) *exponent -= 1;
  return magnitude;
}

float fmodf(float x, float y) {
  uint32_t sign = bits_of(x) & 0x80000000;
  uint32_t left = bits_of(x) & 0x7FFFFFFF, right = bits_of(y) & 0x7FFFFFFF;
  if (left >= 0x7F800000 || right > 0x7F800000 || right == 0) return float_of(0x7FC00000);
  if (left < right) return x;
  int32_t left_exponent = (int32_t)(left >> 23), right_exponent = (int32_t)(right >> 23);
  uint32_t rest = normal(left, &left_exponent), divisor = normal(right, &right_exponent);
  for (; left_exponent > right_exponent; left_exponent -= 1) {
    if (rest >= divisor) rest -= divisor;
    rest <<= 1;
  }
  if (rest >= divisor) rest -= divisor;
  if (rest == 0) return float_of(sign);
  while (rest < 0x800000) {
    rest <<= 1;
    left_exponent -= 1;
  }
  /* The remainder of two subnormal numbers is a multiple of the least one. */
  if (left_exponent <= 0) return float_of(sign | rest >> (1 - left_exponent));
  return float_of(sign | (rest & 0x7FFFFF) | (uint32_t)left_exponent << 23);
}

#ifdef __riscv_flen

float sqrtf(float x) {
  float root;
  __asm__("fsqrt.s %0, %1" : "=f"(root) : "f"(x));
  return root;
}

float fmaf(float a, float b, float c) {
  float result;
  __asm__("fmadd.s %0, %1, %2, %3" : "=f"(result) : "f"(a), "f"(b), "f"(c));
  return result;
}

#else

float sqrtf(float x) {
  uint32_t bits = bits_of(x);
  if ((bits & 0x7FFFFFFF) == 0 || bits == 0x7F800000) return x;
  if (bits > 0x7F800000) return float_of(0x7FC00000);
  int32_t exponent = (int32_t)(bits >> 23);
  uint32_t mantissa = bits & 0x7FFFFF;
  if (exponent == 0) {
    exponent = 1;
    while (mantissa < 0x800000) {
      mantissa <<= 1;
      exponent -= 1;
    }
  } else {
    mantissa |= 0x800000;
  }
  exponent -= 127;
  if (exponent & 1) mantissa <<= 1;
  /* The root of the mantissa times 2^25 has 25 bits, the last of which rounds. */
  mantissa <<= 1;
  uint32_t root = 0, doubled = 0;
  for (uint32_t bit = 0x1000000; bit != 0; bit >>= 1) {
    uint32_t trial = doubled + bit;
    if (trial <= mantissa) {
      doubled = trial + bit;
      mantissa -= trial;
      root += bit;
    }
    mantissa <<= 1;
  }
  /* What is left is never half a unit exactly. */
  root += root & 1;
  exponent >>= 1;
  return float_of((root >> 1) + ((uint32_t)(exponent + 126) << 23));
}

/* Sign, exponent and mantissa so that a finite number is mantissa * 2^exponent, bit 23 of it set.
 */
static int32_t unpacked(uint32_t bits, uint32_t *mantissa) {
  int32_t exponent = (int32_t)(bits >> 23 & 0xFF);
  *mantissa = bits & 0x7FFFFF;
  if (exponent != 0) {
    *mantissa |= 0x800000;
  } else {
    exponent = 1;
    if (*mantissa == 0) return -1000;
    while (*mantissa < 0x800000) {
      *mantissa <<= 1;
      exponent -= 1;
    }
  }
  return exponent - 150;
}

/* Shifts right; bits that are lost set the last one. */
static uint64_t jammed(uint64_t value, int32_t shift) {
  if (shift > 63) return value != 0;
  return shift == 0 ? value : value >> shift | ((value << (64 - shift)) != 0);
}

float fmaf(float a, float b, float c) {
  uint32_t x = bits_of(a), y = bits_of(b), z = bits_of(c);
  if ((x & 0x7F800000) == 0x7F800000 || (y & 0x7F800000) == 0x7F800000) return a * b + c;
  if ((z & 0x7F800000) == 0x7F800000) return c;
  uint32_t first, second, third;
  int32_t exponent = unpacked(x, &first) + unpacked(y, &second);
  int32_t addend_exponent = unpacked(z, &third);
  uint32_t sign = (x ^ y) & 0x80000000, addend_sign = z & 0x80000000;
  uint64_t product = (uint64_t)first * second;
  if (product == 0) return a * b + c;
  if (third == 0) addend_exponent = exponent;
  /* Both with their highest bits at 61 or 60. */
  product <<= 14;
  exponent -= 14;
  uint64_t addend = (uint64_t)third << 37;
  addend_exponent -= 37;
  if (third != 0 && addend_exponent > exponent) {
    product = jammed(product, addend_exponent - exponent);
    exponent = addend_exponent;
  } else if (third != 0) {
    addend = jammed(addend, exponent - addend_exponent);
  }
  uint64_t sum;
  if (sign == addend_sign) {
    sum = product + addend;
  } else if (product >= addend) {
    sum = product - addend;
  } else {
    sum = addend - product;
    sign = addend_sign;
  }
  if (sum == 0) return 0;
  while (sum >> 62 == 0) {
    sum <<= 1;
    exponent -= 1;
  }
  if (sum >> 63) {
    sum = jammed(sum, 1);
    exponent += 1;
  }
  /* 24 bits of 63, exponent of the last of them counted from the least normal number. */
  int32_t biased = exponent + 39 + 150;
  int32_t shift = 39;
  if (biased <= 0) {
    shift += 1 - biased;
    biased = 0;
    if (shift > 63) return float_of(sign);
  }
  uint64_t rest = sum & (((uint64_t)1 << shift) - 1), half = (uint64_t)1 << (shift - 1);
  uint32_t mantissa = (uint32_t)(sum >> shift);
  if (rest > half || (rest == half && (mantissa & 1) != 0)) mantissa += 1;
  if (biased > 0) mantissa += (uint32_t)(biased - 1) << 23;
  if (biased >= 255 || mantissa >= 0x7F800000) return float_of(sign | 0x7F800000);
  return float_of(sign | mantissa);
}

#endif

/* x as power * ln 2 + rest, |rest| up to ln 2 / 2; e^rest - 1 - rest is the result. */
static float exponential_series(float x, int32_t *power, float *rest) {
  float count = rintf(x * 1.44269504088896341f);
  *power = (int32_t)count;
  float r = x - count * 0.693359375f;
  r -= count * -2.12194440e-4f;
  *rest = r;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * r * r;
}

float expf(float x) {
  if (is_nan(x)) return x;
  if (x > 88.7228391f) return infinity;
  if (x < -104) return 0;
  int32_t power;
  float rest;
  float series = exponential_series(x, &power, &rest);
  return scaled(series + rest + 1, power);
}

float expm1f(float x) {
  if (is_nan(x)) return x;
  if (x > 88.7228391f) return infinity;
  if (x < -18) return -1;
  int32_t power;
  float rest;
  float series = exponential_series(x, &power, &rest);
  if (power == 0) return series + rest;
  float step = power_of_two(power < 128 ? power : 127);
  if (power == 128) return (series + rest + 1) * step * 2;
  return (series + rest) * step + (step - 1);
}

float logf(float x) {
  uint32_t bits = bits_of(x);
  if (is_nan(x) || bits == 0x7F800000) return x;
  if ((bits & 0x7FFFFFFF) == 0) return -infinity;
  if (bits >> 31) return float_of(0x7FC00000);
  int32_t power = 0;
  if (bits < 0x00800000) {
    bits = bits_of(x * 0x1p23f);
    power = -23;
  }
  power += (int32_t)(bits >> 23) - 126;
  float m = float_of((bits & 0x7FFFFF) | 0x3F000000);
  if (m < 0.707106781186547524f) {
    power -= 1;
    m += m;
  }
  m -= 1;
  float square = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float count = (float)power;
  float low = p * m * square + count * -2.12194440e-4f - 0.5f * square;
  return low + m + count * 0.693359375f;
}

float log1pf(float x) {
  float sum = 1 + x;
  if (sum == 1 || bits_of(x) == 0x7F800000) return x;
  return logf(sum) * (x / (sum - 1));
}

float tanhf(float x) {
  float size = magnitude(x);
  if (is_nan(x)) return x;
  if (size < 0.625f) {
    float square = x * x;
    float p = -5.70498872745e-3f;
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    return p * square * x + x;
  }
  float result = size > 9.1f ? 1 : 1 - 2 / (expf(size + size) + 1);
  return x < 0 ? -result : result;
}

static float polynomial(const float *coefficients, int degree, float x) {
  float sum = coefficients[degree];
  while (degree-- > 0) sum = sum * x + coefficients[degree];
  return sum;
}

float erff(float x) {
  static const float near_up[] = {
      1.2837916613e-01f, -3.2504209876e-01f, -2.8481749818e-02f, -5.7702702470e-03f,
      -2.3763017452e-05f};
  static const float near_down[] = {1,
                                    3.9791721106e-01f,
                                    6.5022252500e-02f,
                                    5.0813062117e-03f,
                                    1.3249473704e-04f,
                                    -3.9602282413e-06f};
  static const float one_up[] = {-2.3621185683e-03f, 4.1485610604e-01f,  -3.7220788002e-01f,
                                 3.1834661961e-01f,  -1.1089469492e-01f, 3.5478305072e-02f,
                                 -2.1663755178e-03f};
  static const float one_down[] = {
      1,
      1.0642088205e-01f,
      5.4039794207e-01f,
      7.1828655899e-02f,
      1.2617121637e-01f,
      1.3637083583e-02f,
      1.1984500103e-02f};
  static const float middle_up[] = {-9.8649440333e-03f, -6.9385856390e-01f, -1.0558626175e+01f,
                                    -6.2375331879e+01f, -1.6239666748e+02f, -1.8460508728e+02f,
                                    -8.1287437439e+01f, -9.8143291473e+00f};
  static const float middle_down[] = {
      1,
      1.9651271820e+01f,
      1.3765776062e+02f,
      4.3456588745e+02f,
      6.4538726807e+02f,
      4.2900814819e+02f,
      1.0863500214e+02f,
      6.5702495575e+00f,
      -6.0424413532e-02f};
  static const float far_up[] = {-9.8649431020e-03f, -7.9928326607e-01f, -1.7757955551e+01f,
                                 -1.6063638306e+02f, -6.3756646729e+02f, -1.0250950928e+03f,
                                 -4.8351919556e+02f};
  static const float far_down[] = {
      1,
      3.0338060379e+01f,
      3.2579251099e+02f,
      1.5367296143e+03f,
      3.1998581543e+03f,
      2.5530502930e+03f,
      4.7452853394e+02f,
      -2.2440952301e+01f};
  float size = magnitude(x);
  if (is_nan(x)) return x;
  if (size < 0.84375f) {
    float square = x * x;
    return x + x * (polynomial(near_up, 4, square) / polynomial(near_down, 5, square));
  }
  float result;
  if (size < 1.25f) {
    float s = size - 1;
    result = 8.4506291151e-01f + polynomial(one_up, 6, s) / polynomial(one_down, 6, s);
  } else if (size >= 6) {
    result = 1;
  } else {
    float s = 1 / (size * size);
    float quotient = size < 2.857142857f
                         ? polynomial(middle_up, 7, s) / polynomial(middle_down, 8, s)
                         : polynomial(far_up, 6, s) / polynomial(far_down, 7, s);
    /* e^(-x^2) as a product, the first square exact. */
    float high = float_of(bits_of(size) & 0xFFFFF000);
    float power = expf(-high * high - 0.5625f) * expf((high - size) * (high + size) + quotient);
    result = 1 - power / size;
  }
  return x < 0 ? -result : result;
}

float powf(float x, float y) {
  if (y == 0 || x == 1) return 1;
  if (is_nan(x) || is_nan(y)) return float_of(0x7FC00000);
  if (y == 0.5f && x >= 0) return sqrtf(x);
  bool is_integer = rintf(y) == y;
  if (is_integer && magnitude(y) <= 64) {
    uint32_t rest = (uint32_t)magnitude(y);
    float factor = x, result = 1;
    for (; rest > 0; rest >>= 1) {
      if (rest & 1) result *= factor;
      factor *= factor;
    }
    return y < 0 ? 1 / result : result;
  }
  if (x < 0 && !is_integer) return float_of(0x7FC00000);
  bool is_odd = is_integer && magnitude(y) < 0x1p24f && ((uint32_t)magnitude(y) & 1) != 0;
  float result = expf(y * logf(magnitude(x)));
  return bits_of(x) >> 31 && is_odd ? -result : result;
}

/* Sine of x + quarters * pi / 2. */
static float circular(float x, uint32_t quarters) {
  if (magnitude(x) >= infinity || is_nan(x)) return float_of(0x7FC00000);
  float count = rintf(x * 0.636619772367581343f);
  quarters += (uint32_t)(int32_t)count;
  float r = x - count * 1.5703125f;
  r -= count * 4.837512969970703125e-4f;
  r -= count * 7.54978995489188216e-8f;
  float square = r * r;
  float result;
  if (quarters & 1) {
    float p = 2.443315711809948e-5f;
    p = p * square - 1.388731625493765e-3f;
    p = p * square + 4.166664568298827e-2f;
    result = p * square * square - 0.5f * square + 1;
  } else {
    float p = -1.9515295891e-4f;
    p = p * square + 8.3321608736e-3f;
    p = p * square - 1.6666654611e-1f;
    result = p * square * r + r;
  }
  return quarters & 2 ? -result : result;
}

float sinf(float x) { return circular(x, 0); }
float cosf(float x) { return circular(x, 1); }
