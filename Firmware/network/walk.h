/* Walking over tensors of any strides, row by row.
 *
 * Parameters of a walk over N operands: the rank R (1 to 8), the N addresses, then for each axis,
 * the outermost first, its side and the N distances in bytes of neighbours along it. */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels.h"

enum { WALK_RANK = 8, WALK_OPERANDS = 4 };

struct walk {
  uint32_t rank;
  /* Elements of a row: the side of the innermost axis. */
  uint32_t count;
  /* Where each operand's row begins. */
  uint8_t *at[WALK_OPERANDS];
  /* Bytes between neighbours in a row. */
  int32_t step[WALK_OPERANDS];
  /* The axes of the parameters, and how far along each of them the row is. */
  const uint32_t *axes;
  uint32_t index[WALK_RANK];
};

/* Goes to the first row. Returns whether there is one. */
static inline __attribute__((always_inline)) bool walk_begin(
    struct walk *walk, const uint32_t *parameters, const unsigned operands) {
  const uint32_t rank = parameters[0];
  walk->rank = rank;
  for (unsigned operand = 0; operand < operands; operand += 1) {
    walk->at[operand] = bytes_at(parameters[1 + operand]);
  }
  walk->axes = parameters + 1 + operands;
  bool is_empty = false;
  for (uint32_t axis = 0; axis < rank; axis += 1) {
    walk->index[axis] = 0;
    is_empty |= walk->axes[axis * (1 + operands)] == 0;
  }
  const uint32_t *row = walk->axes + (rank - 1) * (1 + operands);
  walk->count = row[0];
  for (unsigned operand = 0; operand < operands; operand += 1) {
    walk->step[operand] = (int32_t)row[1 + operand];
  }
  return !is_empty;
}

/* Goes to the next row. Returns whether there is one. */
static inline __attribute__((always_inline)) bool walk_next(
    struct walk *walk, const unsigned operands) {
  for (uint32_t axis = walk->rank - 1; axis-- > 0;) {
    const uint32_t *place = walk->axes + axis * (1 + operands);
    for (unsigned operand = 0; operand < operands; operand += 1) {
      walk->at[operand] += (int32_t)place[1 + operand];
    }
    walk->index[axis] += 1;
    if (walk->index[axis] < place[0]) return true;
    walk->index[axis] = 0;
    for (unsigned operand = 0; operand < operands; operand += 1) {
      walk->at[operand] -= (int32_t)(place[0] * place[1 + operand]);
    }
  }
  return false;
}

/* The words behind the parameters of a walk. */
static inline const uint32_t *walk_end(const uint32_t *parameters, unsigned operands) {
  return parameters + 1 + operands + parameters[0] * (1 + operands);
}

#endif
