/* Functions of single numbers and of pairs. */
#include "elements.h"
#include "kernels.h"
#include "math.h"
#include "walk.h"

static float clamped(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

static float size_of(float x) { return float_of(pattern_of(x) & 0x7FFFFFFF); }

static float sigmoid(float x) {
  float power = expf(-size_of(x));
  return x < 0 ? power / (1 + power) : 1 / (1 + power);
}

static float softplus(float x) { return (x > 0 ? x : 0) + log1pf(expf(-size_of(x))); }

static float unary(enum unary function, float x, float a, float b) {
  switch (function) {
    case UNARY_RELU: return x < 0 ? 0 : x;
    case UNARY_LEAKY_RELU: return x < 0 ? a * x : x;
    case UNARY_CLIP: return x < a ? (a > b ? b : a) : x > b ? b : x;
    case UNARY_NEGATE: return -x;
    case UNARY_ABSOLUTE: return size_of(x);
    case UNARY_ELU: return x < 0 ? a * expm1f(x) : x;
    case UNARY_SELU: return x > 0 ? b * x : b * (a * expm1f(x));
    case UNARY_HARD_SIGMOID: return clamped(a * x + b);
    case UNARY_HARD_SWISH: return x * clamped(x * (1.0f / 6) + 0.5f);
    case UNARY_SIGMOID: return sigmoid(x);
    case UNARY_SWISH: return x * sigmoid(a * x);
    case UNARY_TANH: return tanhf(x);
    case UNARY_ERF: return erff(x);
    case UNARY_GELU: return 0.5f * x * (1 + erff(x * 0.7071067811865476f));
    case UNARY_GELU_TANH:
      return 0.5f * x * (1 + tanhf(0.7978845608028654f * (x + 0.044715f * x * x * x)));
    case UNARY_SOFTPLUS: return softplus(x);
    case UNARY_SOFTSIGN: return x / (1 + size_of(x));
    case UNARY_MISH: return x * tanhf(softplus(x));
    case UNARY_EXPONENTIAL: return expf(x);
    case UNARY_LOGARITHM: return logf(x);
    case UNARY_SQUARE_ROOT: return sqrtf(x);
    case UNARY_RECIPROCAL: return 1 / x;
    case UNARY_FLOOR: return floorf(x);
    case UNARY_CEILING: return ceilf(x);
    case UNARY_ROUND: return rintf(x);
    case UNARY_SIGN: return x > 0 ? 1 : x < 0 ? -1 : x;
    case UNARY_SINE: return sinf(x);
    case UNARY_COSINE: return cosf(x);
    case UNARY_SQUARE: return x * x;
  }
  return x;
}

#define UNARY_ROW(VALUE)                                       \
  do {                                                         \
    for (uint32_t count = walk.count; count > 0; count -= 1) { \
      float x = *(const float *)from;                          \
      *(float *)to = VALUE;                                    \
      to += walk.step[0];                                      \
      from += walk.step[1];                                    \
    }                                                          \
  } while (0)

/* Function, two numbers; a walk over result and operand. */
void kernel_unary(const uint32_t *parameters) {
  struct walk walk;
  const enum unary function = (enum unary)parameters[0];
  const float a = float_of(parameters[1]), b = float_of(parameters[2]);
  if (!walk_begin(&walk, parameters + 3, 2)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1];
    switch (function) {
      case UNARY_RELU:
        /* Whatever has a sign becomes 0, so that no arithmetic is needed. */
        for (uint32_t count = walk.count; count > 0; count -= 1) {
          int32_t pattern = *(const int32_t *)from;
          *(int32_t *)to = pattern & ~(pattern >> 31);
          to += walk.step[0];
          from += walk.step[1];
        }
        break;
      case UNARY_LEAKY_RELU: UNARY_ROW(x < 0 ? a * x : x); break;
      case UNARY_CLIP: UNARY_ROW(unary(UNARY_CLIP, x, a, b)); break;
      default: UNARY_ROW(unary(function, x, a, b)); break;
    }
  } while (walk_next(&walk, 2));
}

static float modulo(float x, float y) {
  float rest = fmodf(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

#define BINARY_ROW(TYPE, VALUE)                                  \
  do {                                                           \
    for (uint32_t count = walk.count; count > 0; count -= 1) {   \
      float x = *(const float *)left, y = *(const float *)right; \
      *(TYPE *)to = VALUE;                                       \
      to += walk.step[0];                                        \
      left += walk.step[1];                                      \
      right += walk.step[2];                                     \
    }                                                            \
  } while (0)

/* Function; a walk over result and both operands, all binary32 but for the results of comparisons.
 */
void kernel_binary(const uint32_t *parameters) {
  struct walk walk;
  if (!walk_begin(&walk, parameters + 1, 3)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *left = walk.at[1], *right = walk.at[2];
    switch ((enum binary)parameters[0]) {
      case BINARY_ADD: BINARY_ROW(float, x + y); break;
      case BINARY_SUBTRACT: BINARY_ROW(float, x - y); break;
      case BINARY_MULTIPLY: BINARY_ROW(float, x *y); break;
      case BINARY_DIVIDE: BINARY_ROW(float, x / y); break;
      case BINARY_POWER: BINARY_ROW(float, powf(x, y)); break;
      case BINARY_MODULO: BINARY_ROW(float, modulo(x, y)); break;
      case BINARY_REMAINDER: BINARY_ROW(float, fmodf(x, y)); break;
      case BINARY_MINIMUM: BINARY_ROW(float, y < x ? y : x); break;
      case BINARY_MAXIMUM: BINARY_ROW(float, y > x ? y : x); break;
      case BINARY_PRELU: BINARY_ROW(float, x < 0 ? y * x : x); break;
      case BINARY_EQUAL: BINARY_ROW(uint8_t, x == y); break;
      case BINARY_LESS: BINARY_ROW(uint8_t, x < y); break;
      case BINARY_LESS_OR_EQUAL: BINARY_ROW(uint8_t, x <= y); break;
      case BINARY_GREATER: BINARY_ROW(uint8_t, x > y); break;
      case BINARY_GREATER_OR_EQUAL: BINARY_ROW(uint8_t, x >= y); break;
      case BINARY_AND:
      case BINARY_OR:
      case BINARY_XOR: return;
    }
  } while (walk_next(&walk, 3));
}

/* An integer of any type. */
static int64_t load(enum element type, const uint8_t *from) {
  switch (type) {
    case ELEMENT_INT8: return *(const int8_t *)from;
    case ELEMENT_UINT8:
    case ELEMENT_BOOL: return *from;
    case ELEMENT_INT16: return *(const int16_t *)from;
    case ELEMENT_UINT16: return *(const uint16_t *)from;
    case ELEMENT_INT32: return *(const int32_t *)from;
    case ELEMENT_UINT32: return *(const uint32_t *)from;
    case ELEMENT_FLOAT32:
    case ELEMENT_INT64:
    case ELEMENT_UINT64: break;
  }
  return *(const int64_t *)from;
}

static void store(enum element type, uint8_t *to, int64_t value) {
  switch (type) {
    case ELEMENT_INT8:
    case ELEMENT_UINT8: *to = (uint8_t)value; break;
    case ELEMENT_BOOL: *to = value != 0; break;
    case ELEMENT_INT16:
    case ELEMENT_UINT16: *(uint16_t *)to = (uint16_t)value; break;
    case ELEMENT_INT32:
    case ELEMENT_UINT32: *(uint32_t *)to = (uint32_t)value; break;
    case ELEMENT_FLOAT32:
    case ELEMENT_INT64:
    case ELEMENT_UINT64: *(int64_t *)to = value; break;
  }
}

/* The integer, cut off; the least one of the type where that does not fit. */
static int64_t integer_of(enum element type, float value) {
  if (type == ELEMENT_BOOL) return value != 0;
  if (type == ELEMENT_INT64 || type == ELEMENT_UINT64 || type == ELEMENT_UINT32) {
    return value >= -0x1p63f && value < 0x1p63f ? (int64_t)value : INT64_MIN;
  }
  return value >= -0x1p31f && value < 0x1p31f ? (int32_t)value : INT32_MIN;
}

/* Types of result and operand; a walk over both. */
void kernel_cast(const uint32_t *parameters) {
  struct walk walk;
  const enum element result = (enum element)parameters[0], operand = (enum element)parameters[1];
  if (!walk_begin(&walk, parameters + 2, 2)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      if (operand == ELEMENT_FLOAT32) {
        float value = *(const float *)from;
        if (result == ELEMENT_FLOAT32) {
          *(float *)to = value;
        } else {
          store(result, to, integer_of(result, value));
        }
      } else if (result == ELEMENT_FLOAT32) {
        int64_t value = load(operand, from);
        *(float *)to = operand == ELEMENT_UINT64 ? (float)(uint64_t)value : (float)value;
      } else {
        store(result, to, load(operand, from));
      }
      to += walk.step[0];
      from += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}

static int64_t integer_power(int64_t base, int64_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
  uint64_t result = 1, factor = (uint64_t)base;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= factor;
    factor *= factor;
  }
  return (int64_t)result;
}

static int64_t integer_binary(enum binary function, int64_t x, int64_t y) {
  int64_t rest;
  switch (function) {
    case BINARY_ADD: return (int64_t)((uint64_t)x + (uint64_t)y);
    case BINARY_SUBTRACT: return (int64_t)((uint64_t)x - (uint64_t)y);
    case BINARY_MULTIPLY: return (int64_t)((uint64_t)x * (uint64_t)y);
    case BINARY_DIVIDE: return y == -1 ? (int64_t)-(uint64_t)x : y == 0 ? 0 : x / y;
    case BINARY_POWER: return integer_power(x, y);
    case BINARY_MODULO:
      rest = y == -1 || y == 0 ? 0 : x % y;
      return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
    case BINARY_REMAINDER: return y == -1 || y == 0 ? 0 : x % y;
    case BINARY_MINIMUM: return x < y ? x : y;
    case BINARY_MAXIMUM: return x > y ? x : y;
    case BINARY_PRELU: return x < 0 ? x * y : x;
    case BINARY_EQUAL: return x == y;
    case BINARY_LESS: return x < y;
    case BINARY_LESS_OR_EQUAL: return x <= y;
    case BINARY_GREATER: return x > y;
    case BINARY_GREATER_OR_EQUAL: return x >= y;
    case BINARY_AND: return x & y;
    case BINARY_OR: return x | y;
    case BINARY_XOR: return x ^ y;
  }
  return 0;
}

/* Function, types of result and operands; a walk over result and operands, all integers. */
void kernel_integer_binary(const uint32_t *parameters) {
  struct walk walk;
  const enum binary function = (enum binary)parameters[0];
  const enum element result = (enum element)parameters[1], operand = (enum element)parameters[2];
  if (!walk_begin(&walk, parameters + 3, 3)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *left = walk.at[1], *right = walk.at[2];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      store(result, to, integer_binary(function, load(operand, left), load(operand, right)));
      to += walk.step[0];
      left += walk.step[1];
      right += walk.step[2];
    }
  } while (walk_next(&walk, 3));
}
