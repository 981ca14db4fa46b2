/* Products: rows of operands times packed weights, and what becomes of the sums.
 *
 * Packed weights hold four output channels side by side: [channels / 4][depth][4], missing channels
 * are zero. */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels.h"

enum { PANEL = 4 };

/* What becomes of integer sums. */
enum result_kind { RESULT_BYTE, RESULT_INT32, RESULT_FLOAT32 };

/* A convolution's geometry, as it lies in parameters; distances in bytes. */
struct convolution {
  uint32_t images;
  int32_t x_image, y_image;
  uint32_t groups;
  /* Input and output channels of a group. */
  uint32_t channels, outputs;
  int32_t x_channel, x_row, x_column;
  int32_t y_channel, y_row, y_column;
  uint32_t height, width, output_height, output_width;
  uint32_t kernel_height, kernel_width;
  int32_t stride_y, stride_x, dilation_y, dilation_x, top, left;
};

/* What is done with integer sums, as it lies in parameters. */
struct integer_finish {
  enum result_kind kind;
  /* Added to sums, one for each channel. */
  uint32_t bias;
  /* One for each channel: factor and shift, or a binary32 factor. */
  uint32_t scales;
  int32_t zero_point, least, greatest;
  /* Zero points of weights, one for each channel, or 0; the operand's sum less depth times its zero
   * point is multiplied by them and subtracted. */
  uint32_t weight_zeros;
  int32_t operand_zero;
};

/* The part of a window that lies inside the image. */
struct span {
  uint32_t first, end;
};

static inline struct span span_of(int32_t start, uint32_t kernel, int32_t dilation, uint32_t side) {
  struct span span = {0, kernel};
  while (span.first < kernel && start + (int32_t)span.first * dilation < 0) span.first += 1;
  while (span.end > span.first && start + (int32_t)(span.end - 1) * dilation >= (int32_t)side) {
    span.end -= 1;
  }
  return span;
}

/* Copies the window at a place of the image, rows of (kernel y, kernel x, channel), padding filled
 * with `padding`; `bytes` is 1 or 4. */
void window_copy(
    const struct convolution *c, const uint8_t *image, int32_t y, int32_t x, uint32_t bytes,
    uint32_t padding, void *patch);

/* Whether a window is one run of memory wherever it lies. */
static inline bool window_is_contiguous(const struct convolution *c, uint32_t bytes) {
  return c->kernel_height == 1 && c->kernel_width == 1 && c->top <= 0 && c->left <= 0 &&
         c->x_channel == (int32_t)bytes &&
         (int32_t)(c->output_height - 1) * c->stride_y < (int32_t)c->height &&
         (int32_t)(c->output_width - 1) * c->stride_x < (int32_t)c->width;
}

/* Sums of one or two operands with all channels, finished and stored. `channel` is the first one's
 * number in the tables of `finish`. */
void integer_rows(
    const uint8_t *first, const uint8_t *second, bool is_signed, const int8_t *weights,
    uint32_t depth, uint32_t outputs, uint32_t channel, const struct integer_finish *finish,
    uint8_t *first_to, uint8_t *second_to, int32_t step);

/* The same of binary32 numbers; bias is NULL for none. Sums become alpha * sum + bias. */
void float_rows(
    const float *first, const float *second, const float *weights, uint32_t depth, uint32_t outputs,
    float alpha, const float *bias, uint8_t *first_to, uint8_t *second_to, int32_t step);

#endif
