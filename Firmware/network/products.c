#include "products.h"

#include "memory.h"
#include "quantised.h"

/* Lets the compiler finish four sums before it goes on: otherwise it takes more registers than
 * there are. */
#define KEEP(A, B, C, D) __asm__ volatile("" : "+r"(A), "+r"(B), "+r"(C), "+r"(D)::"memory")

typedef int32_t integers[2][PANEL];
typedef float floats[2][PANEL];
typedef const int8_t *(*integer_kernel)(
    const uint8_t *first, const uint8_t *second, const int8_t *weights, uint32_t depth,
    integers sums);

/* Adds the products of one or two rows with a panel. */
static inline __attribute__((always_inline)) const int8_t *integer_panel(
    const uint8_t *first, const uint8_t *second, const int8_t *weights, uint32_t depth,
    integers sums, const bool is_signed, const bool has_two) {
  int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
#define STEP(K)                                                   \
  do {                                                            \
    int32_t w0 = weights[4 * (K)], w1 = weights[4 * (K) + 1];     \
    int32_t w2 = weights[4 * (K) + 2], w3 = weights[4 * (K) + 3]; \
    int32_t x = is_signed ? (int8_t)first[K] : first[K];          \
    a0 += x * w0;                                                 \
    a1 += x * w1;                                                 \
    a2 += x * w2;                                                 \
    a3 += x * w3;                                                 \
    if (has_two) {                                                \
      int32_t y = is_signed ? (int8_t)second[K] : second[K];      \
      b0 += y * w0;                                               \
      b1 += y * w1;                                               \
      b2 += y * w2;                                               \
      b3 += y * w3;                                               \
    }                                                             \
    KEEP(a0, a1, a2, a3);                                         \
    if (has_two) KEEP(b0, b1, b2, b3);                            \
  } while (0)
  for (; depth >= 4; depth -= 4) {
    STEP(0);
    STEP(1);
    STEP(2);
    STEP(3);
    first += 4;
    if (has_two) second += 4;
    weights += 16;
  }
  for (; depth > 0; depth -= 1) {
    STEP(0);
    first += 1;
    if (has_two) second += 1;
    weights += 4;
  }
#undef STEP
  sums[0][0] = a0;
  sums[0][1] = a1;
  sums[0][2] = a2;
  sums[0][3] = a3;
  if (has_two) {
    sums[1][0] = b0;
    sums[1][1] = b1;
    sums[1][2] = b2;
    sums[1][3] = b3;
  }
  return weights;
}

static __attribute__((noinline)) const int8_t *signed_pair(
    const uint8_t *first, const uint8_t *second, const int8_t *weights, uint32_t depth,
    integers sums) {
  return integer_panel(first, second, weights, depth, sums, true, true);
}

static __attribute__((noinline)) const int8_t *unsigned_pair(
    const uint8_t *first, const uint8_t *second, const int8_t *weights, uint32_t depth,
    integers sums) {
  return integer_panel(first, second, weights, depth, sums, false, true);
}

static __attribute__((noinline)) const int8_t *signed_row(
    const uint8_t *first, const uint8_t *second, const int8_t *weights, uint32_t depth,
    integers sums) {
  return integer_panel(first, second, weights, depth, sums, true, false);
}

static __attribute__((noinline)) const int8_t *unsigned_row(
    const uint8_t *first, const uint8_t *second, const int8_t *weights, uint32_t depth,
    integers sums) {
  return integer_panel(first, second, weights, depth, sums, false, false);
}

static inline void integer_store(
    int32_t sum, const struct integer_finish *finish, uint32_t channel, uint8_t *to) {
  sum = (int32_t)((uint32_t)sum + ((const uint32_t *)bytes_at(finish->bias))[channel]);
  switch (finish->kind) {
    case RESULT_BYTE: {
      const struct requantisation *scales = (const struct requantisation *)bytes_at(finish->scales);
      *to = (uint8_t)requantised(
          sum, scales[channel], finish->zero_point, finish->least, finish->greatest);
      break;
    }
    case RESULT_INT32: *(int32_t *)to = sum; break;
    case RESULT_FLOAT32:
      *(float *)to = (float)sum * ((const float *)bytes_at(finish->scales))[channel];
      break;
  }
}

static int32_t row_sum(const uint8_t *row, uint32_t depth, bool is_signed) {
  int32_t sum = 0;
  for (; depth > 0; depth -= 1, row += 1) sum += is_signed ? (int8_t)*row : *row;
  return sum;
}

void integer_rows(
    const uint8_t *first, const uint8_t *second, bool is_signed, const int8_t *weights,
    uint32_t depth, uint32_t outputs, uint32_t channel, const struct integer_finish *finish,
    uint8_t *first_to, uint8_t *second_to, int32_t step) {
  const int32_t *zeros =
      finish->weight_zeros != 0 ? (const int32_t *)bytes_at(finish->weight_zeros) : 0;
  int32_t excess[2] = {0, 0};
  if (zeros != 0) {
    int32_t common = (int32_t)depth * finish->operand_zero;
    excess[0] = row_sum(first, depth, is_signed) - common;
    if (second != 0) excess[1] = row_sum(second, depth, is_signed) - common;
  }
  const integer_kernel panel = second != 0 ? (is_signed ? signed_pair : unsigned_pair)
                                           : (is_signed ? signed_row : unsigned_row);
  while (outputs > 0) {
    integers sums;
    weights = panel(first, second, weights, depth, sums);
    uint32_t count = outputs < PANEL ? outputs : PANEL;
    for (uint32_t index = 0; index < count; index += 1) {
      if (zeros != 0) {
        sums[0][index] -= excess[0] * zeros[channel];
        sums[1][index] -= excess[1] * zeros[channel];
      }
      integer_store(sums[0][index], finish, channel, first_to);
      first_to += step;
      if (second != 0) {
        integer_store(sums[1][index], finish, channel, second_to);
        second_to += step;
      }
      channel += 1;
    }
    outputs -= count;
  }
}

/* Whether a number is worth multiplying: without F a look at it costs a hundredth of four products,
 * and behind a ReLU half the numbers are 0. */
#if defined(__riscv) && !defined(__riscv_flen)
#define COUNTS(X) (pattern_of(X) << 1 != 0)
#else
#define COUNTS(X) 1
#endif

static inline __attribute__((always_inline)) const float *float_panel(
    const float *first, const float *second, const float *weights, uint32_t depth, floats sums,
    const bool has_two) {
  float a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
#define STEP(K)                                                 \
  do {                                                          \
    float w0 = weights[4 * (K)], w1 = weights[4 * (K) + 1];     \
    float w2 = weights[4 * (K) + 2], w3 = weights[4 * (K) + 3]; \
    float x = first[K];                                         \
    if (COUNTS(x)) {                                            \
      a0 += x * w0;                                             \
      a1 += x * w1;                                             \
      a2 += x * w2;                                             \
      a3 += x * w3;                                             \
    }                                                           \
    if (has_two) {                                              \
      float y = second[K];                                      \
      if (COUNTS(y)) {                                          \
        b0 += y * w0;                                           \
        b1 += y * w1;                                           \
        b2 += y * w2;                                           \
        b3 += y * w3;                                           \
      }                                                         \
    }                                                           \
  } while (0)
#ifdef __riscv_flen
  for (; depth >= 4; depth -= 4) {
    STEP(0);
    STEP(1);
    STEP(2);
    STEP(3);
    first += 4;
    if (has_two) second += 4;
    weights += 16;
  }
#endif
  for (; depth > 0; depth -= 1) {
    STEP(0);
    first += 1;
    if (has_two) second += 1;
    weights += 4;
  }
#undef STEP
  sums[0][0] = a0;
  sums[0][1] = a1;
  sums[0][2] = a2;
  sums[0][3] = a3;
  if (has_two) {
    sums[1][0] = b0;
    sums[1][1] = b1;
    sums[1][2] = b2;
    sums[1][3] = b3;
  }
  return weights;
}

static __attribute__((noinline)) const float *float_pair(
    const float *first, const float *second, const float *weights, uint32_t depth, floats sums) {
  return float_panel(first, second, weights, depth, sums, true);
}

static __attribute__((noinline)) const float *float_row(
    const float *first, const float *weights, uint32_t depth, floats sums) {
  return float_panel(first, first, weights, depth, sums, false);
}

void float_rows(
    const float *first, const float *second, const float *weights, uint32_t depth, uint32_t outputs,
    float alpha, const float *bias, uint8_t *first_to, uint8_t *second_to, int32_t step) {
  while (outputs > 0) {
    floats sums;
    weights = second != 0 ? float_pair(first, second, weights, depth, sums)
                          : float_row(first, weights, depth, sums);
    uint32_t count = outputs < PANEL ? outputs : PANEL;
    for (uint32_t index = 0; index < count; index += 1) {
      for (uint32_t row = 0; row < (second != 0 ? 2 : 1); row += 1) {
        float sum = sums[row][index];
        if (alpha != 1) sum *= alpha;
        if (bias != 0) sum += *bias;
        sums[row][index] = sum;
      }
      *(float *)first_to = sums[0][index];
      first_to += step;
      if (second != 0) {
        *(float *)second_to = sums[1][index];
        second_to += step;
      }
      if (bias != 0) bias += 1;
    }
    outputs -= count;
  }
}

static inline __attribute__((always_inline)) uint8_t *fill_run(
    uint8_t *to, uint32_t count, uint32_t bytes, uint32_t value) {
  if (bytes == 1) {
    memset(to, (int)value, count);
  } else {
    for (uint32_t index = 0; index < count; index += 1) ((uint32_t *)to)[index] = value;
  }
  return to + count * bytes;
}

static inline __attribute__((always_inline)) uint8_t *copy_run(
    uint8_t *to, const uint8_t *from, uint32_t count, int32_t step, uint32_t bytes) {
  if (step == (int32_t)bytes) {
    memcpy(to, from, count * bytes);
  } else if (bytes == 1) {
    for (uint32_t index = 0; index < count; index += 1, from += step) to[index] = *from;
  } else {
    for (uint32_t index = 0; index < count; index += 1, from += step) {
      ((uint32_t *)to)[index] = *(const uint32_t *)from;
    }
  }
  return to + count * bytes;
}

void window_copy(
    const struct convolution *c, const uint8_t *image, int32_t y, int32_t x, uint32_t bytes,
    uint32_t padding, void *patch) {
  uint8_t *to = patch;
  const uint32_t channels = c->channels;
  y = y * c->stride_y - c->top;
  x = x * c->stride_x - c->left;
  const struct span rows = span_of(y, c->kernel_height, c->dilation_y, c->height);
  const struct span columns = span_of(x, c->kernel_width, c->dilation_x, c->width);
  const uint32_t inside = columns.end - columns.first;
  /* Neighbouring columns are one run, or all channels of a column are. */
  const int32_t column_step = c->x_column * c->dilation_x;
  const bool is_run = c->x_channel == (int32_t)bytes && column_step == (int32_t)(channels * bytes);
  const bool is_plane = channels == 1;
  for (uint32_t row = 0; row < c->kernel_height; row += 1) {
    if (row < rows.first || row >= rows.end) {
      to = fill_run(to, c->kernel_width * channels, bytes, padding);
      continue;
    }
    to = fill_run(to, columns.first * channels, bytes, padding);
    const uint8_t *from = image + (y + (int32_t)row * c->dilation_y) * c->x_row +
                          (x + (int32_t)columns.first * c->dilation_x) * c->x_column;
    if (is_run) {
      to = copy_run(to, from, inside * channels, (int32_t)bytes, bytes);
    } else if (is_plane) {
      to = copy_run(to, from, inside, column_step, bytes);
    } else {
      for (uint32_t column = 0; column < inside; column += 1) {
        to = copy_run(to, from, channels, c->x_channel, bytes);
        from += column_step;
      }
    }
    to = fill_run(to, (c->kernel_width - columns.end) * channels, bytes, padding);
  }
}
