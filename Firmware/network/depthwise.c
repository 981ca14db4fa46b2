/* Convolutions whose groups have one input and one output channel: window by window, all channels
 * of a place after each other. Weights: [channel][kernel y][kernel x]. */
#include "kernels.h"
#include "products.h"
#include "quantised.h"

enum { TAPS = 9 };

/* The elements of a window that are inside the image, and those that are not. */
struct taps {
  uint32_t inside, outside;
  /* Distance from the first element of the window, in bytes, and place among the weights. */
  int32_t *offsets;
  uint8_t *places;
  uint8_t *others;
};

static uint32_t taps_bytes(const struct convolution *c) {
  return 6 * c->kernel_height * c->kernel_width;
}

static struct taps taps_open(const struct convolution *c) {
  uint32_t count = c->kernel_height * c->kernel_width;
  int32_t *room = kernel_scratch(taps_bytes(c));
  return (struct taps){0, 0, room, (uint8_t *)(room + count), (uint8_t *)(room + count) + count};
}

/* Finds the elements for the window that begins at (y, x). */
static void taps_find(struct taps *taps, const struct convolution *c, int32_t y, int32_t x) {
  const struct span rows = span_of(y, c->kernel_height, c->dilation_y, c->height);
  const struct span columns = span_of(x, c->kernel_width, c->dilation_x, c->width);
  uint8_t place = 0;
  taps->inside = taps->outside = 0;
  for (uint32_t row = 0; row < c->kernel_height; row += 1) {
    for (uint32_t column = 0; column < c->kernel_width; column += 1, place += 1) {
      if (row >= rows.first && row < rows.end && column >= columns.first && column < columns.end) {
        taps->offsets[taps->inside] =
            (int32_t)row * c->dilation_y * c->x_row + (int32_t)column * c->dilation_x * c->x_column;
        taps->places[taps->inside] = place;
        taps->inside += 1;
      } else {
        taps->others[taps->outside] = place;
        taps->outside += 1;
      }
    }
  }
}

#define TAP(K) (int32_t)(IS_SIGNED ? *(const int8_t *)x##K : *x##K) * weights[K]
#define START(K) const uint8_t *x##K = x + taps->offsets[K]

/* All nine elements of a window of nine, for every channel. */
#define NINE(NAME, IS_SIGNED_HERE)                                               \
  static void NAME(                                                              \
      const struct convolution *c, const struct taps *taps, const uint8_t *x,    \
      const int8_t *weights, int32_t *sums) {                                    \
    enum { IS_SIGNED = IS_SIGNED_HERE };                                         \
    const int32_t step = c->x_channel;                                           \
    START(0);                                                                    \
    START(1);                                                                    \
    START(2);                                                                    \
    START(3);                                                                    \
    START(4);                                                                    \
    START(5);                                                                    \
    START(6);                                                                    \
    START(7);                                                                    \
    START(8);                                                                    \
    for (const int32_t *end = sums + c->groups; sums < end;) {                   \
      int32_t low = TAP(0) + TAP(1) + TAP(2), middle = TAP(3) + TAP(4) + TAP(5); \
      *sums = low + middle + TAP(6) + TAP(7) + TAP(8);                           \
      sums += 1;                                                                 \
      weights += TAPS;                                                           \
      x0 += step;                                                                \
      x1 += step;                                                                \
      x2 += step;                                                                \
      x3 += step;                                                                \
      x4 += step;                                                                \
      x5 += step;                                                                \
      x6 += step;                                                                \
      x7 += step;                                                                \
      x8 += step;                                                                \
    }                                                                            \
  }

NINE(nine_signed, 1)
NINE(nine_unsigned, 0)

/* Any number of elements of a window, for every channel. */
static void some(
    const struct convolution *c, const struct taps *taps, const uint8_t *x, bool is_signed,
    int32_t padding, const int8_t *weights, int32_t *sums) {
  const uint32_t count = c->kernel_height * c->kernel_width;
  for (uint32_t channel = 0; channel < c->groups; channel += 1) {
    int32_t sum = 0;
    if (is_signed) {
      for (uint32_t tap = 0; tap < taps->inside; tap += 1) {
        sum += (int32_t)(int8_t)x[taps->offsets[tap]] * weights[taps->places[tap]];
      }
    } else {
      for (uint32_t tap = 0; tap < taps->inside; tap += 1) {
        sum += (int32_t)x[taps->offsets[tap]] * weights[taps->places[tap]];
      }
    }
    if (padding != 0) {
      for (uint32_t tap = 0; tap < taps->outside; tap += 1) {
        sum += padding * weights[taps->others[tap]];
      }
    }
    sums[channel] = sum;
    weights += count;
    x += c->x_channel;
  }
}

static void finish_bytes(
    const struct integer_finish *finish, const int32_t *sums, uint32_t count, uint8_t *to,
    int32_t step) {
  const uint32_t *bias = (const uint32_t *)bytes_at(finish->bias);
  const struct requantisation *scales = (const struct requantisation *)bytes_at(finish->scales);
  for (uint32_t channel = 0; channel < count; channel += 1) {
    int32_t sum = (int32_t)((uint32_t)sums[channel] + bias[channel]);
    if (finish->kind == RESULT_BYTE) {
      *to = (uint8_t)requantised(
          sum, scales[channel], finish->zero_point, finish->least, finish->greatest);
    } else {
      *(int32_t *)to = sum;
    }
    to += step;
  }
}

/* Result, operand, weights, whether the operand is signed, its zero point, finish, geometry. */
void kernel_depthwise_integer(const uint32_t *parameters) {
  const bool is_signed = parameters[3] != 0;
  const int32_t padding = (int32_t)parameters[4];
  const struct integer_finish *finish = (const struct integer_finish *)(parameters + 5);
  const struct convolution *c =
      (const struct convolution *)(parameters + 5 + sizeof *finish / sizeof *parameters);
  const int8_t *weights = (const int8_t *)bytes_at(parameters[2]);
  struct taps taps = taps_open(c);
  uint32_t room = (taps_bytes(c) + 15) & ~15u;
  int32_t *sums = (int32_t *)((uint8_t *)kernel_scratch(room + 4 * c->groups) + room);
  for (uint32_t image = 0; image < c->images; image += 1) {
    const uint8_t *from = bytes_at(parameters[1]) + (int32_t)image * c->x_image;
    uint8_t *to = bytes_at(parameters[0]) + (int32_t)image * c->y_image;
    for (uint32_t y = 0; y < c->output_height; y += 1) {
      int32_t top = (int32_t)y * c->stride_y - c->top;
      for (uint32_t x = 0; x < c->output_width; x += 1) {
        int32_t left = (int32_t)x * c->stride_x - c->left;
        taps_find(&taps, c, top, left);
        const uint8_t *place = from + top * c->x_row + left * c->x_column;
        if (taps.inside == TAPS && taps.outside == 0) {
          if (is_signed) {
            nine_signed(c, &taps, place, weights, sums);
          } else {
            nine_unsigned(c, &taps, place, weights, sums);
          }
        } else {
          some(c, &taps, place, is_signed, padding, weights, sums);
        }
        finish_bytes(
            finish, sums, c->groups, to + (int32_t)y * c->y_row + (int32_t)x * c->y_column,
            c->y_channel);
      }
    }
  }
}

/* Result, operand, weights, bias or 0, geometry. */
void kernel_depthwise_float(const uint32_t *parameters) {
  const struct convolution *c = (const struct convolution *)(parameters + 4);
  const float *bias = parameters[3] != 0 ? (const float *)bytes_at(parameters[3]) : 0;
  const uint32_t count = c->kernel_height * c->kernel_width;
  struct taps taps = taps_open(c);
  for (uint32_t image = 0; image < c->images; image += 1) {
    const uint8_t *from = bytes_at(parameters[1]) + (int32_t)image * c->x_image;
    uint8_t *to = bytes_at(parameters[0]) + (int32_t)image * c->y_image;
    for (uint32_t y = 0; y < c->output_height; y += 1) {
      int32_t top = (int32_t)y * c->stride_y - c->top;
      for (uint32_t x = 0; x < c->output_width; x += 1) {
        int32_t left = (int32_t)x * c->stride_x - c->left;
        taps_find(&taps, c, top, left);
        const uint8_t *place = from + top * c->x_row + left * c->x_column;
        const float *weights = (const float *)bytes_at(parameters[2]);
        uint8_t *target = to + (int32_t)y * c->y_row + (int32_t)x * c->y_column;
        for (uint32_t channel = 0; channel < c->groups; channel += 1) {
          float sum = 0;
          const int32_t *offset = taps.offsets, *end = offset + taps.inside;
          if (taps.outside == 0) {
            for (const float *w = weights; offset < end; offset += 1, w += 1) {
              sum += *(const float *)(place + *offset) * *w;
            }
          } else {
            const uint8_t *index = taps.places;
            for (; offset < end; offset += 1, index += 1) {
              sum += *(const float *)(place + *offset) * weights[*index];
            }
          }
          if (bias != 0) sum += bias[channel];
          *(float *)target = sum;
          target += c->y_channel;
          place += c->x_channel;
          weights += count;
        }
      }
    }
  }
}
