/* Pooling over windows. */
#pragma STDC FP_CONTRACT OFF

#include "elements.h"
#include "kernels.h"
#include "products.h"
#include "quantised.h"

enum pool { POOL_MAXIMUM, POOL_AVERAGE, POOL_QLINEAR_AVERAGE };

/* A window that lies in the image: its first element, sides and distances. */
struct part {
  const uint8_t *first;
  uint32_t rows, columns;
  int32_t row, column;
};

#define EACH(TYPE, ACTION)                                            \
  do {                                                                \
    const uint8_t *line = part.first;                                 \
    for (uint32_t row = part.rows; row > 0; row -= 1) {               \
      const uint8_t *at = line;                                       \
      for (uint32_t column = part.columns; column > 0; column -= 1) { \
        TYPE value = *(const TYPE *)at;                               \
        ACTION;                                                       \
        at += part.column;                                            \
      }                                                               \
      line += part.row;                                               \
    }                                                                 \
  } while (0)

#define GREATEST(TYPE, LEAST)                   \
  do {                                          \
    TYPE best = LEAST;                          \
    EACH(TYPE, if (value > best) best = value); \
    *(TYPE *)to = best;                         \
  } while (0)

static void maximum(enum element type, struct part part, uint8_t *to) {
  switch (type) {
    case ELEMENT_FLOAT32: GREATEST(float, -__builtin_inff()); break;
    case ELEMENT_INT8: GREATEST(int8_t, INT8_MIN); break;
    case ELEMENT_INT32: GREATEST(int32_t, INT32_MIN); break;
    default: GREATEST(uint8_t, 0); break;
  }
}

/* Columns of a window that are inside the image or its padding. */
static uint32_t padded(
    int32_t start, uint32_t kernel, int32_t dilation, uint32_t side, int32_t behind) {
  uint32_t count = 0;
  while (count < kernel && start + (int32_t)count * dilation < (int32_t)side + behind) count += 1;
  return count;
}

/* Function, type, result, operand, whether padding counts, padding below and to the right, address
 * of a table of 256 binary32 numbers, scale and zero point of the result (quantised averages),
 * geometry with the channels as groups. */
void kernel_pool(const uint32_t *parameters) {
  const enum pool function = (enum pool)parameters[0];
  const enum element type = (enum element)parameters[1];
  const bool counts_padding = parameters[4] != 0;
  const int32_t bottom = (int32_t)parameters[5], right = (int32_t)parameters[6];
  const float *table = (const float *)bytes_at(parameters[7]);
  const float scale = float_of(parameters[8]);
  const float zero = (float)(int32_t)parameters[9];
  const struct convolution *c = (const struct convolution *)(parameters + 10);
  const float least = type == ELEMENT_INT8 ? -128 : 0, greatest = type == ELEMENT_INT8 ? 127 : 255;
  for (uint32_t image = 0; image < c->images; image += 1) {
    const uint8_t *from = bytes_at(parameters[3]) + (int32_t)image * c->x_image;
    uint8_t *result = bytes_at(parameters[2]) + (int32_t)image * c->y_image;
    for (uint32_t y = 0; y < c->output_height; y += 1) {
      int32_t top = (int32_t)y * c->stride_y - c->top;
      const struct span rows = span_of(top, c->kernel_height, c->dilation_y, c->height);
      for (uint32_t x = 0; x < c->output_width; x += 1) {
        int32_t left = (int32_t)x * c->stride_x - c->left;
        const struct span columns = span_of(left, c->kernel_width, c->dilation_x, c->width);
        struct part part = {
            .first = from + (top + (int32_t)rows.first * c->dilation_y) * c->x_row +
                     (left + (int32_t)columns.first * c->dilation_x) * c->x_column,
            .rows = rows.end - rows.first,
            .columns = columns.end - columns.first,
            .row = c->dilation_y * c->x_row,
            .column = c->dilation_x * c->x_column,
        };
        uint32_t count = part.rows * part.columns;
        if (counts_padding && function == POOL_QLINEAR_AVERAGE) {
          count = c->kernel_height * c->kernel_width;
        } else if (counts_padding) {
          count = padded(top, c->kernel_height, c->dilation_y, c->height, bottom) *
                  padded(left, c->kernel_width, c->dilation_x, c->width, right);
        }
        const float divisor = (float)count;
        uint8_t *to = result + (int32_t)y * c->y_row + (int32_t)x * c->y_column;
        for (uint32_t channel = 0; channel < c->groups; channel += 1) {
          float sum = 0;
          switch (function) {
            case POOL_MAXIMUM: maximum(type, part, to); break;
            case POOL_AVERAGE:
              EACH(float, sum += value);
              *(float *)to = count == 0 ? 0 : sum / divisor;
              break;
            case POOL_QLINEAR_AVERAGE:
              EACH(uint8_t, sum += table[value]);
              *to = (uint8_t)rounded_between(sum / divisor / scale + zero, least, greatest);
              break;
          }
          part.first += c->x_channel;
          to += c->y_channel;
        }
      }
    }
  }
}
