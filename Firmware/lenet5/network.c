#include "network.h"

#include <stddef.h>

#define LAYER(NAME, text, from, to)                                                           \
  {                                                                                           \
      .name = text,                                                                           \
      .m = LENET5_##NAME##_M,                                                                 \
      .n = LENET5_##NAME##_N,                                                                 \
      .k = LENET5_##NAME##_K,                                                                 \
      .has_relu = LENET5_##NAME##_RELU,                                                       \
      .is_requantised = LENET5_##NAME##_REQUANTISE,                                           \
      .scale = LENET5_##NAME##_SCALE,                                                         \
      .shift = LENET5_##NAME##_SHIFT,                                                         \
      .weights = (const int8_t *)(SOC_FILE_WEIGHTS_ADDRESS + LENET5_##NAME##_WEIGHTS_OFFSET), \
      .bias = (const int32_t *)(SOC_FILE_WEIGHTS_ADDRESS + LENET5_##NAME##_BIAS_OFFSET),      \
      .input = from,                                                                          \
      .channels = LENET5_##NAME##_CHANNELS,                                                   \
      .side = LENET5_##NAME##_SIDE,                                                           \
      .kernel = LENET5_##NAME##_KERNEL,                                                       \
      .padding = LENET5_##NAME##_PADDING,                                                     \
      .output_side = LENET5_##NAME##_OUTPUT_SIDE,                                             \
      .output = to,                                                                           \
  }

const struct layer network[LENET5_LAYERS] = {
    [CONV1] = LAYER(CONV1, "conv1", ACTIVATIONS->image, ACTIVATIONS->conv1),
    [CONV2] = LAYER(CONV2, "conv2", ACTIVATIONS->pool1, ACTIVATIONS->conv2),
    [FC1] = LAYER(FC1, "fc1", ACTIVATIONS->pool2, ACTIVATIONS->fc1),
    [FC2] = LAYER(FC2, "fc2", ACTIVATIONS->fc1, ACTIVATIONS->fc2),
    [FC3] = LAYER(FC3, "fc3", ACTIVATIONS->fc2, ACTIVATIONS->logits),
};

/* The SoC file compares these places with the golden outputs. */
#define CHECK_PLACE(FILE, member)                                                        \
  _Static_assert(                                                                        \
      SOC_FILE_##FILE##_ADDRESS == SOC_SRAM_BASE + offsetof(struct activations, member), \
      "files." #member " lies elsewhere in the SoC file")
#ifdef SOC_FILE_CONV1_ADDRESS
CHECK_PLACE(CONV1, conv1);
#endif
#ifdef SOC_FILE_POOL1_ADDRESS
CHECK_PLACE(POOL1, pool1);
#endif
#ifdef SOC_FILE_CONV2_ADDRESS
CHECK_PLACE(CONV2, conv2);
#endif
#ifdef SOC_FILE_POOL2_ADDRESS
CHECK_PLACE(POOL2, pool2);
#endif
#ifdef SOC_FILE_FC1_ADDRESS
CHECK_PLACE(FC1, fc1);
#endif
#ifdef SOC_FILE_FC2_ADDRESS
CHECK_PLACE(FC2, fc2);
#endif
#ifdef SOC_FILE_FC3_ADDRESS
CHECK_PLACE(FC3, logits);
#endif
