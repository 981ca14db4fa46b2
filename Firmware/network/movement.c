/* Kernels that only move elements. */
#include "kernels.h"
#include "memory.h"
#include "walk.h"

#define MOVE_ROW(TYPE)                   \
  do {                                   \
    for (; count > 0; count -= 1) {      \
      *(TYPE *)to = *(const TYPE *)from; \
      to += to_step;                     \
      from += from_step;                 \
    }                                    \
  } while (0)

/* `count` elements of `bytes` bytes each. */
static void move_row(
    uint32_t bytes, uint8_t *to, int32_t to_step, const uint8_t *from, int32_t from_step,
    uint32_t count) {
  if (to_step == (int32_t)bytes && from_step == (int32_t)bytes) {
    memcpy(to, from, count * bytes);
    return;
  }
  switch (bytes) {
    case 1: MOVE_ROW(uint8_t); break;
    case 2: MOVE_ROW(uint16_t); break;
    case 4: MOVE_ROW(uint32_t); break;
    default: MOVE_ROW(uint64_t); break;
  }
}

/* Element bytes; a walk over result and operand. */
void kernel_copy(const uint32_t *parameters) {
  struct walk walk;
  uint32_t bytes = parameters[0];
  if (!walk_begin(&walk, parameters + 1, 2)) return;
  do {
    move_row(bytes, walk.at[0], walk.step[0], walk.at[1], walk.step[1], walk.count);
  } while (walk_next(&walk, 2));
}

/* Element bytes, low word and high word of the value; a walk over the result. */
void kernel_fill(const uint32_t *parameters) {
  struct walk walk;
  uint32_t bytes = parameters[0];
  uint64_t value = (uint64_t)parameters[2] << 32 | parameters[1];
  if (!walk_begin(&walk, parameters + 3, 1)) return;
  do {
    if (bytes == 1 && walk.step[0] == 1) {
      memset(walk.at[0], (int)(value & 0xFF), walk.count);
    } else {
      move_row(bytes, walk.at[0], walk.step[0], (const uint8_t *)&value, 0, walk.count);
    }
  } while (walk_next(&walk, 1));
}

/* Element bytes, address of the operand, rank and address of the result; for each axis its side,
 * the distance of the result's neighbours and the address of a table that has the operand's place,
 * in bytes, for each index; 0 for index times the word behind it. */
void kernel_copy_indexed(const uint32_t *parameters) {
  enum { AXIS = 4 };
  uint32_t bytes = parameters[0];
  const uint8_t *source = bytes_at(parameters[1]);
  uint32_t rank = parameters[2];
  uint8_t *target = bytes_at(parameters[3]);
  const uint32_t *axes = parameters + 4;
  uint32_t index[WALK_RANK] = {0};
  for (uint32_t axis = 0; axis < rank; axis += 1) {
    if (axes[axis * AXIS] == 0) return;
  }
  const uint32_t *row = axes + (rank - 1) * AXIS;
  for (;;) {
    const uint8_t *from = source;
    uint8_t *to = target;
    for (uint32_t axis = 0; axis + 1 < rank; axis += 1) {
      const uint32_t *place = axes + axis * AXIS;
      to += (int32_t)(index[axis] * place[1]);
      from += place[2] != 0 ? ((const int32_t *)bytes_at(place[2]))[index[axis]]
                            : (int32_t)(index[axis] * place[3]);
    }
    if (row[2] == 0) {
      move_row(bytes, to, (int32_t)row[1], from, (int32_t)row[3], row[0]);
    } else {
      const int32_t *table = (const int32_t *)bytes_at(row[2]);
      for (uint32_t count = 0; count < row[0]; count += 1) {
        move_row(bytes, to, 0, from + table[count], 0, 1);
        to += (int32_t)row[1];
      }
    }
    uint32_t axis = rank - 1;
    for (;;) {
      if (axis-- == 0) return;
      if (++index[axis] < axes[axis * AXIS]) break;
      index[axis] = 0;
    }
  }
}

/* Element bytes, bytes of an index (4 or 8), side of the gathered axis, distance of its neighbours;
 * a walk over result, operand and indices, in which the operand does not move along the axes of the
 * indices. Indices below 0 count from the end. */
void kernel_gather(const uint32_t *parameters) {
  struct walk walk;
  uint32_t bytes = parameters[0];
  uint32_t side = parameters[2];
  int32_t distance = (int32_t)parameters[3];
  if (!walk_begin(&walk, parameters + 4, 3)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *from = walk.at[1];
    const uint8_t *indices = walk.at[2];
    if (walk.step[2] == 0) {
      int32_t index = *(const int32_t *)indices;
      if (index < 0) index += (int32_t)side;
      if ((uint32_t)index >= side) continue;
      move_row(bytes, to, walk.step[0], from + index * distance, walk.step[1], walk.count);
      continue;
    }
    for (uint32_t count = walk.count; count > 0; count -= 1) {
      int32_t index = *(const int32_t *)indices;
      if (index < 0) index += (int32_t)side;
      if ((uint32_t)index < side) move_row(bytes, to, 0, from + index * distance, 0, 1);
      to += walk.step[0];
      from += walk.step[1];
      indices += walk.step[2];
    }
  } while (walk_next(&walk, 3));
}

#define CHOOSE_ROW(TYPE)                                                         \
  do {                                                                           \
    for (uint32_t count = walk.count; count > 0; count -= 1) {                   \
      *(TYPE *)to = *condition != 0 ? *(const TYPE *)one : *(const TYPE *)other; \
      to += walk.step[0];                                                        \
      condition += walk.step[1];                                                 \
      one += walk.step[2];                                                       \
      other += walk.step[3];                                                     \
    }                                                                            \
  } while (0)

/* Element bytes; a walk over result, condition and the two operands. */
void kernel_where(const uint32_t *parameters) {
  struct walk walk;
  if (!walk_begin(&walk, parameters + 1, 4)) return;
  do {
    uint8_t *to = walk.at[0];
    const uint8_t *condition = walk.at[1], *one = walk.at[2], *other = walk.at[3];
    switch (parameters[0]) {
      case 1: CHOOSE_ROW(uint8_t); break;
      case 2: CHOOSE_ROW(uint16_t); break;
      case 4: CHOOSE_ROW(uint32_t); break;
      default: CHOOSE_ROW(uint64_t); break;
    }
  } while (walk_next(&walk, 4));
}
