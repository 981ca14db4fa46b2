/* What can go wrong on the hardware's side. */
#ifndef LAYER_CHECK_H
#define LAYER_CHECK_H

#include "hal.h"

/* Exit code after a DMA or array error. */
enum { HARDWARE_ERROR = 2 };

/* Ends the program with a message if `error` is a DMA's error code. */
static inline void check_dma(const char *layer, const char *channel, uint32_t error) {
  if (error == 0) return;
  print("%s: %s: %s\n", layer, channel, dma_error_text(error));
  exit(HARDWARE_ERROR);
}

/* Ends the program with a message if `error` is an array's error code. */
static inline void check_array(const char *layer, uint32_t error) {
  if (error == 0) return;
  print("%s: array: %s\n", layer, systolic_error_text(error));
  exit(HARDWARE_ERROR);
}

/* The flags of a job that sends the layer's results. */
static inline uint32_t result_flags(bool has_relu, bool is_requantised) {
  return SYSTOLIC_FLAGS_OUTPUT | SYSTOLIC_FLAGS_BIAS | (has_relu ? SYSTOLIC_FLAGS_RELU : 0) |
         (is_requantised ? SYSTOLIC_FLAGS_REQUANTISE : 0);
}

#endif
