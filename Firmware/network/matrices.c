/* Matrix products: rows of A times B, which is packed weights or is packed first. */
#include "kernels.h"
#include "products.h"
#include "walk.h"

/* The part of the parameters that integer and binary32 products share; distances in bytes. */
struct product {
  uint32_t rows, columns, depth;
  int32_t y_row, y_column, a_row, a_depth;
  /* Whether B lies packed in the constants; else its distances. */
  uint32_t is_packed;
  int32_t b_depth, b_column;
};

/* Packs B; bytes become signed by `flip`. Adds up each column of bytes if wanted. */
static void pack(
    const struct product *p, const uint8_t *b, uint32_t bytes, uint8_t flip, void *panels,
    int32_t *sums) {
  for (uint32_t column = 0; column < p->columns; column += 1) {
    const uint8_t *from = b + (int32_t)column * p->b_column;
    uint32_t place = (column & ~(PANEL - 1u)) * p->depth + (column & (PANEL - 1));
    int32_t sum = 0;
    for (uint32_t k = 0; k < p->depth; k += 1) {
      if (bytes == 1) {
        int8_t value = (int8_t)(*from ^ flip);
        sum += value;
        ((int8_t *)panels)[place] = value;
      } else {
        ((uint32_t *)panels)[place] = *(const uint32_t *)from;
      }
      place += PANEL;
      from += p->b_depth;
    }
    if (sums != 0) sums[column] = sum;
  }
}

static const uint8_t *row_of(
    const struct product *p, const uint8_t *a, uint32_t bytes, uint8_t *room) {
  if (p->a_depth == (int32_t)bytes) return a;
  for (uint32_t k = 0; k < p->depth; k += 1, a += p->a_depth) {
    if (bytes == 1) {
      room[k] = *a;
    } else {
      ((uint32_t *)room)[k] = *(const uint32_t *)a;
    }
  }
  return room;
}

static uint32_t panel_bytes(const struct product *p, uint32_t bytes) {
  return p->is_packed ? 0 : (p->columns + PANEL - 1) / PANEL * PANEL * p->depth * bytes;
}

static uint32_t row_bytes(const struct product *p, uint32_t bytes) {
  return (p->depth * bytes + 15) & ~15u;
}

/* Whether A is signed, byte by which B's bytes become signed, address of C (32-bit integers) or 0,
 * distances of its rows, finish, product; a walk over result, A and B, of which a row is a matrix.
 *
 * Where B is packed here, the finish's bias has room for a number per column, its own are at the
 * word `base`. */
void kernel_product_integer(const uint32_t *parameters) {
  const bool is_signed = parameters[0] != 0;
  const uint8_t flip = (uint8_t)parameters[1];
  const uint32_t addend = parameters[2];
  const int32_t addend_row = (int32_t)parameters[3];
  struct integer_finish finish = *(const struct integer_finish *)(parameters + 4);
  const uint32_t *next = parameters + 4 + sizeof finish / sizeof *parameters;
  const struct product *p = (const struct product *)next;
  struct walk walk;
  const uint32_t row = row_bytes(p, 1), panels = (panel_bytes(p, 1) + 15) & ~15u;
  uint8_t *scratch = kernel_scratch(2 * row + panels + 8 * p->columns);
  int32_t *sums = (int32_t *)(scratch + 2 * row + panels);
  int32_t *biases = sums + p->columns;
  const int32_t *own = (const int32_t *)bytes_at(finish.bias);
  if (!walk_begin(&walk, next + sizeof *p / sizeof *parameters, 3)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *a = walk.at[1], *b = walk.at[2];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      const int8_t *weights = (const int8_t *)b;
      if (!p->is_packed) {
        int8_t *packed = (int8_t *)scratch + 2 * row;
        pack(p, b, 1, flip, packed, sums);
        weights = packed;
        /* The zero point of A times the sums of B. */
        for (uint32_t column = 0; column < p->columns; column += 1) {
          biases[column] = own[column] - finish.operand_zero * sums[column];
        }
        finish.bias = (uint32_t)(uintptr_t)biases;
      }
      for (uint32_t m = 0; m < p->rows; m += 1) {
        const uint8_t *from = row_of(p, a + (int32_t)m * p->a_row, 1, scratch);
        uint8_t *target = to + (int32_t)m * p->y_row;
        if (addend != 0) {
          const int32_t *add = (const int32_t *)bytes_at(addend + m * (uint32_t)addend_row);
          const int32_t *base = p->is_packed ? own : biases;
          for (uint32_t column = 0; column < p->columns; column += 1) {
            sums[column] = (int32_t)((uint32_t)base[column] + (uint32_t)add[column]);
          }
          finish.bias = (uint32_t)(uintptr_t)sums;
        }
        if (addend == 0 && m + 1 < p->rows) {
          const uint8_t *second = row_of(p, a + (int32_t)(m + 1) * p->a_row, 1, scratch + row);
          integer_rows(
              from, second, is_signed, weights, p->depth, p->columns, 0, &finish, target,
              target + p->y_row, p->y_column);
          m += 1;
        } else {
          integer_rows(
              from, 0, is_signed, weights, p->depth, p->columns, 0, &finish, target, target,
              p->y_column);
        }
      }
      to += walk.step[0];
      a += walk.step[1];
      b += walk.step[2];
    }
  } while (walk_next(&walk, 3));
}

/* Alpha, beta, address of C or 0, distances of its rows and columns, product; a walk over result, A
 * and B, of which a row is a matrix. */
void kernel_product_float(const uint32_t *parameters) {
  const float alpha = float_of(parameters[0]), beta = float_of(parameters[1]);
  const uint8_t *addend = parameters[2] != 0 ? bytes_at(parameters[2]) : 0;
  const int32_t addend_row = (int32_t)parameters[3], addend_column = (int32_t)parameters[4];
  const struct product *p = (const struct product *)(parameters + 5);
  struct walk walk;
  const uint32_t row = row_bytes(p, 4), panels = (panel_bytes(p, 4) + 15) & ~15u;
  uint8_t *scratch = kernel_scratch(2 * row + panels + 4 * p->columns);
  float *bias = addend != 0 ? (float *)(scratch + 2 * row + panels) : 0;
  if (!walk_begin(&walk, parameters + 5 + sizeof *p / sizeof *parameters, 3)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *a = walk.at[1], *b = walk.at[2];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      const float *weights = (const float *)b;
      if (!p->is_packed) {
        float *packed = (float *)(scratch + 2 * row);
        pack(p, b, 4, 0, packed, 0);
        weights = packed;
      }
      for (uint32_t m = 0; m < p->rows;) {
        bool has_two = m + 1 < p->rows && addend_row == 0;
        const uint8_t *first = row_of(p, a + (int32_t)m * p->a_row, 4, scratch), *second = 0;
        if (has_two) second = row_of(p, a + (int32_t)(m + 1) * p->a_row, 4, scratch + row);
        if (addend != 0 && (m == 0 || addend_row != 0)) {
          const uint8_t *add = addend + (int32_t)m * addend_row;
          for (uint32_t column = 0; column < p->columns; column += 1, add += addend_column) {
            bias[column] = beta * *(const float *)add;
          }
        }
        uint8_t *target = to + (int32_t)m * p->y_row;
        float_rows(
            (const float *)first, (const float *)second, weights, p->depth, p->columns, alpha, bias,
            target, target + p->y_row, p->y_column);
        m += has_two ? 2 : 1;
      }
      to += walk.step[0];
      a += walk.step[1];
      b += walk.step[2];
    }
  } while (walk_next(&walk, 3));
}
