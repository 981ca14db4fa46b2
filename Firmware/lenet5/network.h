/* The layers of LeNet-5 and where their data lies. */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "lenet5_parameters.h"
#include "soc.h"

/* Pixels per side of an image, and zeros around it in memory for layers that cannot pad by
 * themselves. */
enum { IMAGE_SIDE = LENET5_CONV1_SIDE };

/* What the SRAM holds from its start. The output of every layer keeps its own place, so that it can
 * be compared after the run; the SoC file repeats these addresses. */
struct activations {
  _Alignas(0x400) int8_t image[1024];
  _Alignas(0x400) int8_t conv1[LENET5_CONV1_OUTPUT_BYTES];
  _Alignas(0x400) int8_t pool1[LENET5_CONV1_OUTPUT_BYTES / 4];
  _Alignas(0x400) int8_t conv2[LENET5_CONV2_OUTPUT_BYTES];
  _Alignas(0x400) int8_t pool2[LENET5_CONV2_OUTPUT_BYTES / 4];
  _Alignas(0x100) int8_t fc1[LENET5_FC1_OUTPUT_BYTES];
  _Alignas(0x100) int8_t fc2[LENET5_FC2_OUTPUT_BYTES];
  _Alignas(0x100) int32_t logits[LENET5_CLASSES];
  /* Free for the DMAs' descriptors. */
  _Alignas(0x400) uint8_t rest[];
};

#define ACTIVATIONS ((struct activations *)SOC_SRAM_BASE)

/* A layer that the array computes: O[m][n] = A[m][k] * B[k][n] with the weights A. */
struct layer {
  const char *name;
  uint32_t m, n, k;
  bool has_relu, is_requantised;
  uint32_t scale, shift;
  /* int8 [k][m] and int32 [m]. */
  const int8_t *weights;
  const int32_t *bias;
  /* Input channel by channel; fully connected layers have one channel per element and a side of 1.
   */
  const int8_t *input;
  uint32_t channels, side, kernel, padding, output_side;
  void *output;
};

enum layer_index { CONV1, CONV2, FC1, FC2, FC3 };
_Static_assert(FC3 + 1 == LENET5_LAYERS, "one index per layer");

extern const struct layer network[LENET5_LAYERS];

#endif
