/* Convolutions: windows copied to rows, rows times packed weights. */
#include "kernels.h"
#include "products.h"

/* Calls for one or two neighbouring output pixels with the rows of their windows. */
struct pixels {
  const struct convolution *geometry;
  uint32_t bytes;
  uint32_t padding;
  uint32_t depth;
  bool is_direct;
  uint8_t *patches[2];
};

static const uint8_t *window(
    const struct pixels *p, const uint8_t *image, uint32_t y, uint32_t x, unsigned index) {
  if (p->is_direct) {
    return image + (int32_t)y * p->geometry->stride_y * p->geometry->x_row +
           (int32_t)x * p->geometry->stride_x * p->geometry->x_column;
  }
  window_copy(p->geometry, image, (int32_t)y, (int32_t)x, p->bytes, p->padding, p->patches[index]);
  return p->patches[index];
}

static struct pixels pixels_of(const struct convolution *c, uint32_t bytes, uint32_t padding) {
  struct pixels p = {.geometry = c, .bytes = bytes, .padding = padding};
  p.depth = c->kernel_height * c->kernel_width * c->channels;
  p.is_direct = window_is_contiguous(c, bytes);
  if (!p.is_direct) {
    uint32_t row = (p.depth * bytes + 15) & ~15u;
    p.patches[0] = kernel_scratch(2 * row);
    p.patches[1] = p.patches[0] + row;
  }
  return p;
}

/* Result, operand, packed weights, whether the operand is signed, padding byte, finish, geometry.
 */
void kernel_convolution_integer(const uint32_t *parameters) {
  const bool is_signed = parameters[3] != 0;
  const struct integer_finish *finish = (const struct integer_finish *)(parameters + 5);
  const struct convolution *c =
      (const struct convolution *)(parameters + 5 + sizeof *finish / sizeof *parameters);
  const struct pixels p = pixels_of(c, 1, parameters[4]);
  const uint32_t panels = (c->outputs + PANEL - 1) / PANEL * PANEL * p.depth;
  for (uint32_t image = 0; image < c->images; image += 1) {
    for (uint32_t group = 0; group < c->groups; group += 1) {
      const uint8_t *from = bytes_at(parameters[1]) + (int32_t)image * c->x_image +
                            (int32_t)(group * c->channels) * c->x_channel;
      uint8_t *to = bytes_at(parameters[0]) + (int32_t)image * c->y_image +
                    (int32_t)(group * c->outputs) * c->y_channel;
      const int8_t *weights = (const int8_t *)bytes_at(parameters[2]) + group * panels;
      for (uint32_t y = 0; y < c->output_height; y += 1) {
        uint8_t *row = to + (int32_t)y * c->y_row;
        for (uint32_t x = 0; x < c->output_width; x += 2) {
          const uint8_t *first = window(&p, from, y, x, 0), *second = 0;
          if (x + 1 < c->output_width) second = window(&p, from, y, x + 1, 1);
          integer_rows(
              first, second, is_signed, weights, p.depth, c->outputs, group * c->outputs, finish,
              row, row + c->y_column, c->y_channel);
          row += 2 * c->y_column;
        }
      }
    }
  }
}

/* Result, operand, packed weights, bias or 0, geometry. */
void kernel_convolution_float(const uint32_t *parameters) {
  const struct convolution *c = (const struct convolution *)(parameters + 4);
  const float *bias = parameters[3] != 0 ? (const float *)bytes_at(parameters[3]) : 0;
  const struct pixels p = pixels_of(c, 4, 0);
  const uint32_t panels = (c->outputs + PANEL - 1) / PANEL * PANEL * p.depth;
  for (uint32_t image = 0; image < c->images; image += 1) {
    for (uint32_t group = 0; group < c->groups; group += 1) {
      const uint8_t *from = bytes_at(parameters[1]) + (int32_t)image * c->x_image +
                            (int32_t)(group * c->channels) * c->x_channel;
      uint8_t *to = bytes_at(parameters[0]) + (int32_t)image * c->y_image +
                    (int32_t)(group * c->outputs) * c->y_channel;
      const float *weights = (const float *)bytes_at(parameters[2]) + group * panels;
      for (uint32_t y = 0; y < c->output_height; y += 1) {
        uint8_t *row = to + (int32_t)y * c->y_row;
        for (uint32_t x = 0; x < c->output_width; x += 2) {
          const uint8_t *first = window(&p, from, y, x, 0), *second = 0;
          if (x + 1 < c->output_width) second = window(&p, from, y, x + 1, 1);
          float_rows(
              (const float *)first, (const float *)second, weights, p.depth, c->outputs, 1,
              bias != 0 ? bias + group * c->outputs : 0, row, row + c->y_column, c->y_channel);
          row += 2 * c->y_column;
        }
      }
    }
  }
}
