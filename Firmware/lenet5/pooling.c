#include "pooling.h"

static int8_t greatest(int8_t one, int8_t other) { return one > other ? one : other; }

void max_pool(const int8_t *input, uint32_t channels, uint32_t side, int8_t *output) {
  /* Channels lie one behind the other, so that all their rows form one tall image. */
  const int8_t *end = input + channels * side * side;
  for (const int8_t *upper = input; upper < end; upper += side) {
    const int8_t *lower = upper + side;
    for (const int8_t *row_end = lower; upper < row_end; upper += 2, lower += 2) {
      *output++ = greatest(greatest(upper[0], upper[1]), greatest(lower[0], lower[1]));
    }
  }
}
