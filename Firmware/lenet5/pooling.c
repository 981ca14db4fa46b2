#include "pooling.h"

static int8_t greatest(int8_t one, int8_t other) { return one > other ? one : other; }

void max_pool(const int8_t *input, uint32_t channels, uint32_t side, int8_t *output) {
  /* Channels lie one behind the other, so that all their rows form one tall image. */
  for (uint32_t row = 0; row < channels * side; row += 2) {
    const int8_t *upper = input + row * side;
    const int8_t *lower = upper + side;
    for (uint32_t column = 0; column < side; column += 2) {
      *output++ = greatest(
          greatest(upper[column], upper[column + 1]), greatest(lower[column], lower[column + 1]));
    }
  }
}
