/* Arithmetic of quantised numbers. */
#ifndef QUANTISED_H
#define QUANTISED_H

#include <stdint.h>

#include "kernels.h"

/* A number that lies between `least` and `greatest`, small integers, after rounding to nearest
 * even: 1.5 * 2^23 more, it has no bits below 1. */
static inline int32_t rounded_between(float value, float least, float greatest) {
  value = value > least ? value : least;
  value = value < greatest ? value : greatest;
  return (int32_t)(pattern_of(value + 0x1.8p23f) - 0x4B400000u);
}

/* clamp(round(accumulator * factor / 2^shift) + zero point), the product exact, ties to even. */
struct requantisation {
  uint32_t factor;
  uint32_t shift;
};

static inline int32_t requantised(
    int32_t accumulator, struct requantisation scale, int32_t zero_point, int32_t least,
    int32_t greatest) {
  int64_t product = (int64_t)accumulator * (int32_t)scale.factor;
  int32_t value;
  /* Half a step more, less one where that keeps an even number. */
  if (scale.shift > 32) {
    uint32_t shift = scale.shift - 32;
    int32_t high = (int32_t)(product >> 32);
    int32_t half = 1 << (shift - 1);
    if (((high >> shift) & 1) == 0) half -= (uint32_t)product == 0;
    /* Below 2^31, as both are. */
    value = (int32_t)((uint32_t)high + (uint32_t)half) >> shift;
  } else {
    int64_t wide = product;
    if (scale.shift > 0) {
      uint64_t half = (uint64_t)1 << (scale.shift - 1);
      uint64_t is_odd = (uint64_t)product >> scale.shift & 1;
      wide = (int64_t)((uint64_t)product + half - 1 + is_odd) >> scale.shift;
    }
    if (wide < least - zero_point) return least;
    if (wide > greatest - zero_point) return greatest;
    value = (int32_t)wide;
  }
  value += zero_point;
  if (value < least) return least;
  if (value > greatest) return greatest;
  return value;
}

#endif
