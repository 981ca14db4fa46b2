/* Reductions along axes, softmax, normalisations. */
#include "elements.h"
#include "kernels.h"
#include "math.h"
#include "quantised.h"
#include "walk.h"

enum reduction {
  REDUCE_SUM,
  REDUCE_MEAN,
  REDUCE_MAXIMUM,
  REDUCE_MINIMUM,
  REDUCE_PRODUCT,
  REDUCE_L1,
  REDUCE_L2,
  REDUCE_SUM_OF_SQUARES,
  REDUCE_LOG_SUM,
  REDUCE_LOG_SUM_EXP,
};

/* Rows are added up in pieces so that rounding errors stay small. */
enum { PIECE = 64 };

/* The sum of (x - middle), or of its square, over a walk of one operand at `at`. */
#define SUM_OVER(ITEM)                                                 \
  struct walk walk;                                                    \
  float total = 0;                                                     \
  if (!walk_begin(&walk, parameters, 1)) return 0;                     \
  do {                                                                 \
    const uint8_t *from = at + (walk.at[0] - bytes_at(parameters[1])); \
    for (uint32_t rest = walk.count; rest > 0;) {                      \
      uint32_t count = rest < PIECE ? rest : PIECE;                    \
      rest -= count;                                                   \
      float sum = 0;                                                   \
      for (; count > 0; count -= 1, from += walk.step[0]) {            \
        float x = *(const float *)from;                                \
        sum += ITEM;                                                   \
      }                                                                \
      total += sum;                                                    \
    }                                                                  \
  } while (walk_next(&walk, 1));                                       \
  return total;

static float size_of(float x) { return float_of(pattern_of(x) & 0x7FFFFFFF); }

static float sum_of(const uint32_t *parameters, const uint8_t *at) { SUM_OVER(x) }

static float sum_of_sizes(const uint32_t *parameters, const uint8_t *at) { SUM_OVER(size_of(x)) }

static float sum_of_squares(const uint32_t *parameters, const uint8_t *at, float middle) {
  SUM_OVER((x - middle) * (x - middle))
}

static float sum_of_exponentials(const uint32_t *parameters, const uint8_t *at, float middle) {
  SUM_OVER(expf(x - middle))
}

/* The greatest, the least or the product, from the first value `result` on. */
static float chosen(
    const uint32_t *parameters, const uint8_t *at, enum reduction function, float result) {
  struct walk walk;
  if (!walk_begin(&walk, parameters, 1)) return result;
  do {
    const uint8_t *from = at + (walk.at[0] - bytes_at(parameters[1]));
    for (uint32_t count = walk.count; count > 0; count -= 1, from += walk.step[0]) {
      float x = *(const float *)from;
      if (function == REDUCE_PRODUCT) {
        result *= x;
      } else if (function == REDUCE_MAXIMUM ? x > result : x < result) {
        result = x;
      }
    }
  } while (walk_next(&walk, 1));
  return result;
}

static int32_t integer_at(enum element type, const uint8_t *from) {
  switch (type) {
    case ELEMENT_INT8: return *(const int8_t *)from;
    case ELEMENT_UINT8: return *from;
    default: return *(const int32_t *)from;
  }
}

/* Sum, greatest or least of integers of up to 32 bits. */
static int32_t integer_reduction(
    const uint32_t *parameters, const uint8_t *at, enum reduction function, enum element type) {
  struct walk walk;
  int32_t result = function == REDUCE_MAXIMUM   ? INT32_MIN
                   : function == REDUCE_MINIMUM ? INT32_MAX
                                                : 0;
  if (!walk_begin(&walk, parameters, 1)) return result;
  do {
    const uint8_t *from = at + (walk.at[0] - bytes_at(parameters[1]));
    for (uint32_t count = walk.count; count > 0; count -= 1, from += walk.step[0]) {
      int32_t x = integer_at(type, from);
      if (function == REDUCE_MAXIMUM) {
        if (x > result) result = x;
      } else if (function == REDUCE_MINIMUM) {
        if (x < result) result = x;
      } else {
        result = (int32_t)((uint32_t)result + (uint32_t)x);
      }
    }
  } while (walk_next(&walk, 1));
  return result;
}

static float reduction(
    enum reduction function, const uint32_t *inner, const uint8_t *at, float count) {
  const float infinity = __builtin_inff();
  float greatest;
  switch (function) {
    case REDUCE_SUM: return sum_of(inner, at);
    case REDUCE_MEAN: return sum_of(inner, at) / count;
    case REDUCE_MAXIMUM: return chosen(inner, at, function, -infinity);
    case REDUCE_MINIMUM: return chosen(inner, at, function, infinity);
    case REDUCE_PRODUCT: return chosen(inner, at, function, 1);
    case REDUCE_L1: return sum_of_sizes(inner, at);
    case REDUCE_L2: return sqrtf(sum_of_squares(inner, at, 0));
    case REDUCE_SUM_OF_SQUARES: return sum_of_squares(inner, at, 0);
    case REDUCE_LOG_SUM: return logf(sum_of(inner, at));
    case REDUCE_LOG_SUM_EXP:
      greatest = chosen(inner, at, REDUCE_MAXIMUM, -infinity);
      if (!(size_of(greatest) < infinity)) greatest = 0;
      return greatest + logf(sum_of_exponentials(inner, at, greatest));
  }
  return 0;
}

/* Function, type, elements of a reduction; a walk over the operand's reduced axes; a walk over
 * result and operand along the others. */
void kernel_reduce(const uint32_t *parameters) {
  struct walk walk;
  const enum reduction function = (enum reduction)parameters[0];
  const enum element type = (enum element)parameters[1];
  const float count = (float)parameters[2];
  const uint32_t *inner = parameters + 3;
  if (!walk_begin(&walk, walk_end(inner, 1), 2)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1];
    for (uint32_t row = walk.count; row > 0; row -= 1) {
      if (type == ELEMENT_FLOAT32) {
        *(float *)to = reduction(function, inner, from, count);
      } else if (type == ELEMENT_INT32) {
        *(int32_t *)to = integer_reduction(inner, from, function, type);
      } else {
        *to = (uint8_t)integer_reduction(inner, from, function, type);
      }
      to += walk.step[0];
      from += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}

/* Type, zero points of operand and result, factor (binary32), elements of a reduction; a walk over
 * the operand's reduced axes; a walk over result and operand along the others.
 *
 * round(clamp(sum of (x - zero point) as binary32 * factor)) + zero point. */
void kernel_qlinear_average(const uint32_t *parameters) {
#pragma STDC FP_CONTRACT OFF
  struct walk walk;
  const enum element type = (enum element)parameters[0];
  const int32_t zero = (int32_t)parameters[2];
  const float factor = float_of(parameters[3]);
  const int32_t common = (int32_t)(parameters[1] * parameters[4]);
  const int32_t least = type == ELEMENT_INT8 ? -128 : 0;
  const uint32_t *inner = parameters + 5;
  if (!walk_begin(&walk, walk_end(inner, 1), 2)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1];
    for (uint32_t row = walk.count; row > 0; row -= 1) {
      int32_t sum = integer_reduction(inner, from, REDUCE_SUM, type) - common;
      *to = (uint8_t)(zero +
                      rounded_between(
                          (float)sum * factor, (float)(least - zero), (float)(least + 255 - zero)));
      to += walk.step[0];
      from += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}

/* Whether the logarithm is wanted, side of the axis, distances of its neighbours in operand and
 * result; a walk over result and operand without the axis. */
void kernel_softmax(const uint32_t *parameters) {
  struct walk walk;
  const uint32_t is_logarithm = parameters[0], side = parameters[1];
  const int32_t from_step = (int32_t)parameters[2], to_step = (int32_t)parameters[3];
  if (!walk_begin(&walk, parameters + 4, 2)) return;
  do {
    uint8_t *to_row = walk.at[0];
    const uint8_t *row = walk.at[1];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      const uint8_t *from = row;
      float greatest = *(const float *)from, sum = 0;
      for (uint32_t index = 0; index < side; index += 1, from += from_step) {
        float x = *(const float *)from;
        if (x > greatest) greatest = x;
      }
      uint8_t *to = to_row;
      from = row;
      for (uint32_t index = 0; index < side; index += 1, from += from_step, to += to_step) {
        float x = *(const float *)from - greatest, power = expf(x);
        sum += power;
        *(float *)to = is_logarithm ? x : power;
      }
      float factor = is_logarithm ? logf(sum) : 1 / sum;
      to = to_row;
      for (uint32_t index = 0; index < side; index += 1, to += to_step) {
        float x = *(float *)to;
        *(float *)to = is_logarithm ? x - factor : x * factor;
      }
      to_row += walk.step[0];
      row += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}

/* Elements of a group, epsilon; a walk over result, operand, scales and biases within a group; a
 * walk over the same from group to group.
 *
 * (x - mean) / sqrt(variance + epsilon) * scale + bias. */
void kernel_normalise(const uint32_t *parameters) {
  struct walk groups, walk;
  const float count = (float)parameters[0], epsilon = float_of(parameters[1]);
  const uint32_t *inner = parameters + 2;
  /* The operand's part of the walk, for sums. */
  uint32_t operand[2 + 2 * WALK_RANK];
  operand[0] = inner[0];
  operand[1] = inner[2];
  for (uint32_t axis = 0; axis < inner[0]; axis += 1) {
    operand[2 + 2 * axis] = inner[5 + 5 * axis];
    operand[3 + 2 * axis] = inner[7 + 5 * axis];
  }
  if (!walk_begin(&groups, walk_end(inner, 4), 4)) return;
  do {
    for (uint32_t group = 0; group < groups.count; group += 1) {
      int32_t moved[4];
      for (unsigned index = 0; index < 4; index += 1) {
        moved[index] = (int32_t)(groups.at[index] - bytes_at(inner[1 + index])) +
                       (int32_t)group * groups.step[index];
      }
      const uint8_t *at = bytes_at(inner[2]) + moved[1];
      float mean = sum_of(operand, at) / count;
      float variance = sum_of_squares(operand, at, mean) / count;
      float factor = 1 / sqrtf(variance + epsilon);
      if (!walk_begin(&walk, inner, 4)) return;
      do {
        uint8_t *to = walk.at[0] + moved[0];
        const uint8_t *from = walk.at[1] + moved[1];
        const uint8_t *scale = walk.at[2] + moved[2], *bias = walk.at[3] + moved[3];
        for (uint32_t rest = walk.count; rest > 0; rest -= 1) {
          float x = (*(const float *)from - mean) * factor;
          *(float *)to = x * *(const float *)scale + *(const float *)bias;
          to += walk.step[0];
          from += walk.step[1];
          scale += walk.step[2];
          bias += walk.step[3];
        }
      } while (walk_next(&walk, 4));
    }
  } while (walk_next(&groups, 4));
}

/* Whether the greatest is looked for, whether its last place counts, type, side of the axis,
 * distance of its neighbours; a walk over result (64-bit integers) and operand without the axis. */
void kernel_argument(const uint32_t *parameters) {
  struct walk walk;
  const uint32_t is_greatest = parameters[0], is_last = parameters[1], side = parameters[3];
  const enum element type = (enum element)parameters[2];
  const int32_t step = (int32_t)parameters[4];
  if (!walk_begin(&walk, parameters + 5, 2)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *row = walk.at[1];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      const uint8_t *from = row, *best = row;
      uint32_t place = 0;
      for (uint32_t index = 1; index < side; index += 1) {
        from += step;
        bool is_better, is_equal;
        if (type == ELEMENT_FLOAT32) {
          float x = *(const float *)from, y = *(const float *)best;
          is_better = is_greatest ? x > y : x < y;
          is_equal = x == y;
        } else {
          int32_t x = integer_at(type, from), y = integer_at(type, best);
          is_better = is_greatest ? x > y : x < y;
          is_equal = x == y;
        }
        if (is_better || (is_equal && is_last)) {
          place = index;
          best = from;
        }
      }
      *(uint64_t *)to = place;
      to += walk.step[0];
      row += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}
