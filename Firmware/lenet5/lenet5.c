/* Classifies handwritten digits with LeNet-5: convolutions and fully connected layers on the
 * systolic array, the rest on the core.
 *
 * Arguments: the first image (0) and how many (1). One image is drawn; several are listed, with the
 * accuracy at the end. Ends with exit code 0 whatever the predictions, 1 after wrong arguments, 2
 * after a hardware error. */
#include "hal.h"
#include "layers.h"
#include "network.h"
#include "pooling.h"

static const int8_t *const images = (const int8_t *)SOC_FILE_IMAGES_ADDRESS;
static const uint8_t *const labels = (const uint8_t *)SOC_FILE_LABELS_ADDRESS;

/* Kept behind one another for comparison after the run; the SoC file may say where. */
#ifdef SOC_FILE_LOGITS_ADDRESS
static int32_t *const logits = (int32_t *)SOC_FILE_LOGITS_ADDRESS;
#else
static int32_t logits[LENET5_IMAGES * LENET5_CLASSES];
#endif
#ifdef SOC_FILE_PREDICTIONS_ADDRESS
static uint8_t *const predictions = (uint8_t *)SOC_FILE_PREDICTIONS_ADDRESS;
#else
static uint8_t predictions[LENET5_IMAGES];
#endif

/* The index of the greatest value, the first one on ties. */
static uint8_t argmax(const int32_t *values, int count) {
  int best = 0;
  for (int index = 1; index < count; index += 1) {
    if (values[index] > values[best]) best = index;
  }
  return (uint8_t)best;
}

static uint8_t classify(uint32_t image) {
  flecsim_tag("input");
  layers_load_image(images + image * LENET5_IMAGE_BYTES);
  flecsim_tag("conv1");
  layer_run(CONV1);
  flecsim_tag("pool1");
  max_pool(ACTIVATIONS->conv1, LENET5_CONV1_M, LENET5_CONV1_OUTPUT_SIDE, ACTIVATIONS->pool1);
  flecsim_tag("conv2");
  layer_run(CONV2);
  flecsim_tag("pool2");
  max_pool(ACTIVATIONS->conv2, LENET5_CONV2_M, LENET5_CONV2_OUTPUT_SIDE, ACTIVATIONS->pool2);
  flecsim_tag("fc1");
  layer_run(FC1);
  flecsim_tag("fc2");
  layer_run(FC2);
  flecsim_tag("fc3");
  layer_run(FC3);
  flecsim_tag("argmax");
  return argmax(ACTIVATIONS->logits, LENET5_CLASSES);
}

/* Two pixel rows per line of text: characters are about twice as high as wide. */
static void draw(const int8_t *image) {
  static const char shades[] = " .:-=+*#%@";
  for (int row = 0; row < IMAGE_SIDE; row += 2) {
    console_write("  ");
    for (int column = 0; column < IMAGE_SIDE; column += 1) {
      const int8_t *pixel = image + row * IMAGE_SIDE + column;
      int sum = pixel[0] + pixel[IMAGE_SIDE];
      console_put(shades[sum * (int)(sizeof shades - 2) / 254]);
    }
    console_put('\n');
  }
}

/* A decimal number; -1 for any other text. */
static int parse(const char *text) {
  int value = 0;
  if (*text == 0) return -1;
  for (; *text != 0; text += 1) {
    if (*text < '0' || *text > '9' || value > 100000) return -1;
    value = 10 * value + (*text - '0');
  }
  return value;
}

int main(int argc, char **argv) {
  int first = argc > 1 ? parse(argv[1]) : 0;
  int count = argc > 2 ? parse(argv[2]) : 1;
  if (argc > 3 || first < 0 || count < 1 || first > LENET5_IMAGES - 1 ||
      count > LENET5_IMAGES - first) {
    print("cpu_firmware_args: [FIRST, COUNT] of the images 0 to %d\n", LENET5_IMAGES - 1);
    return 1;
  }

  flecsim_tag("setup");
  layers_open();

  int right = 0;
  for (int image = first; image < first + count; image += 1) {
    uint64_t before = timer_cycles();
    uint8_t prediction = classify((uint32_t)image);
    uint32_t cycles = (uint32_t)(timer_cycles() - before);
    flecsim_tag("report");
    memcpy(logits + image * LENET5_CLASSES, ACTIVATIONS->logits, sizeof(int32_t[LENET5_CLASSES]));
    predictions[image] = prediction;
    bool is_right = prediction == labels[image];
    right += is_right;
    if (count == 1) draw(images + image * LENET5_IMAGE_BYTES);
    print(
        "image %2d: %u, labelled %u%s, %u cycles\n", image, prediction, labels[image],
        is_right ? "" : "  <-- wrong", (unsigned)cycles);
  }
  print(
      "%d of %d right (%d.%d %%)\n", right, count, 100 * right / count, 1000 * right / count % 10);
  return 0;
}
