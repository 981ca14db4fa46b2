/* Kernels of quantised numbers, with the roundings of the reference. */
#pragma STDC FP_CONTRACT OFF

#include "quantised.h"

#include "elements.h"
#include "kernels.h"
#include "math.h"
#include "walk.h"

/* Address of a table of 256 bytes; a walk over result and operand, bytes. */
void kernel_lookup(const uint32_t *parameters) {
  struct walk walk;
  const uint8_t *table = bytes_at(parameters[0]);
  if (!walk_begin(&walk, parameters + 1, 2)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1];
    uint32_t count = walk.count;
    if (walk.step[0] == 1 && walk.step[1] == 1) {
      for (; count >= 4; count -= 4) {
        uint8_t first = table[from[0]], second = table[from[1]];
        uint8_t third = table[from[2]], fourth = table[from[3]];
        to[0] = first;
        to[1] = second;
        to[2] = third;
        to[3] = fourth;
        to += 4;
        from += 4;
      }
    }
    for (; count > 0; count -= 1) {
      *to = table[*from];
      to += walk.step[0];
      from += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}

static int32_t byte_of(uint8_t byte, uint32_t is_signed) { return is_signed ? (int8_t)byte : byte; }

/* Whether it is a product, whether bytes are signed, ratio, address of a table of 256 binary32
 * numbers, zero points of a, b and the result; a walk over result, a and b, bytes.
 *
 * Sum: round(fma(a, ratio, table[b])). Product: round((a - zero) * (b - zero) * ratio + zero). */
void kernel_qlinear_binary(const uint32_t *parameters) {
  struct walk walk;
  const uint32_t is_product = parameters[0], is_signed = parameters[1];
  const float ratio = float_of(parameters[2]);
  const float *table = (const float *)bytes_at(parameters[3]);
  const int32_t a_zero = (int32_t)parameters[4], b_zero = (int32_t)parameters[5];
  const float zero = (float)(int32_t)parameters[6];
  const float least = is_signed ? -128 : 0, greatest = is_signed ? 127 : 255;
  if (!walk_begin(&walk, parameters + 7, 3)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *left = walk.at[1], *right = walk.at[2];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      int32_t a = byte_of(*left, is_signed);
      float value;
      if (is_product) {
        int32_t product = (a - a_zero) * (byte_of(*right, is_signed) - b_zero);
        value = (float)product * ratio + zero;
      } else {
        value = fmaf((float)a, ratio, table[*right]);
      }
      *to = (uint8_t)rounded_between(value, least, greatest);
      to += walk.step[0];
      left += walk.step[1];
      right += walk.step[2];
    }
  } while (walk_next(&walk, 3));
}

/* Type of the result, least and greatest of it; a walk over result, operand, scales (binary32) and
 * zero points (32-bit integers). */
void kernel_quantise(const uint32_t *parameters) {
  struct walk walk;
  const enum element type = (enum element)parameters[0];
  const int32_t least = (int32_t)parameters[1], greatest = (int32_t)parameters[2];
  const bool is_byte = type == ELEMENT_INT8 || type == ELEMENT_UINT8;
  if (!walk_begin(&walk, parameters + 3, 4)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1], *scales = walk.at[2], *zeros = walk.at[3];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      int32_t zero = *(const int32_t *)zeros;
      int32_t value = zero + rounded_between(
                                 *(const float *)from / *(const float *)scales,
                                 (float)(least - zero), (float)(greatest - zero));
      if (is_byte) {
        *to = (uint8_t)value;
      } else {
        *(uint16_t *)to = (uint16_t)value;
      }
      to += walk.step[0];
      from += walk.step[1];
      scales += walk.step[2];
      zeros += walk.step[3];
    }
  } while (walk_next(&walk, 4));
}

/* Type of the operand; a walk over result, operand, scales and zero points, as `kernel_quantise`.
 */
void kernel_dequantise(const uint32_t *parameters) {
  struct walk walk;
  const enum element type = (enum element)parameters[0];
  if (!walk_begin(&walk, parameters + 1, 4)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1], *scales = walk.at[2], *zeros = walk.at[3];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      int32_t value;
      switch (type) {
        case ELEMENT_INT8: value = *(const int8_t *)from; break;
        case ELEMENT_UINT8: value = *from; break;
        case ELEMENT_INT16: value = *(const int16_t *)from; break;
        case ELEMENT_UINT16: value = *(const uint16_t *)from; break;
        default: value = *(const int32_t *)from; break;
      }
      value = (int32_t)((uint32_t)value - *(const uint32_t *)zeros);
      *(float *)to = (float)value * *(const float *)scales;
      to += walk.step[0];
      from += walk.step[1];
      scales += walk.step[2];
      zeros += walk.step[3];
    }
  } while (walk_next(&walk, 4));
}

/* Whether bytes are signed, side of the axis, distance of its neighbours in the operand and in the
 * result, address of 256 exponentials (binary32), the last for the greatest byte of a row,
 * factor, zero point of the result; a walk over result and operand without the axis.
 *
 * round(e^x * factor / sum of e^x) + zero point. */
void kernel_qlinear_softmax(const uint32_t *parameters) {
  struct walk walk;
  const uint32_t is_signed = parameters[0], side = parameters[1];
  const int32_t from_step = (int32_t)parameters[2], to_step = (int32_t)parameters[3];
  const float *exponentials = (const float *)bytes_at(parameters[4]);
  const float factor = float_of(parameters[5]);
  const int32_t zero = (int32_t)parameters[6];
  const uint8_t flip = is_signed ? 0x80 : 0;
  const int32_t least = is_signed ? -128 : 0, greatest = is_signed ? 127 : 255;
  if (!walk_begin(&walk, parameters + 7, 2)) return;
  do {
    uint8_t *to_row = walk.at[0];
    const uint8_t *row = walk.at[1];
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      uint8_t top = 0;
      const uint8_t *from = row;
      for (uint32_t index = 0; index < side; index += 1, from += from_step) {
        uint8_t byte = *from ^ flip;
        if (byte > top) top = byte;
      }
      const float *table = exponentials + 255 - top;
      float sum = 0;
      from = row;
      for (uint32_t index = 0; index < side; index += 1, from += from_step) {
        sum += table[*from ^ flip];
      }
      uint8_t *to = to_row;
      from = row;
      for (uint32_t index = 0; index < side; index += 1, from += from_step, to += to_step) {
        float share = table[*from ^ flip] * factor / sum;
        /* Infinity and NaN become the least integer, as conversions of x86 processors do. */
        int32_t value = is_signed ? INT32_MIN : 0;
        if (share < 0x1p31f) value = rounded_between(share, -1024, 1024);
        value = (int32_t)((uint32_t)value + (uint32_t)zero);
        *to = (uint8_t)(value < least ? least : value > greatest ? greatest : value);
      }
      to_row += walk.step[0];
      row += walk.step[1];
    }
  } while (walk_next(&walk, 2));
}
