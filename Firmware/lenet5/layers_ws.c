/* Layers on a weight-stationary array: it keeps a tile of YDIM elements x XDIM filters (dma_w) and
 * takes, per step, the elements of one pixel (dma_x). The accumulator buffer adds up the tiles of a
 * strip of XDIM filters.
 *
 * A convolution's tile is one row of its kernel in one channel: the elements of a pixel are then
 * neighbours in memory and a strided pattern reads them, given an image with its padding around it.
 * Results come pixel by pixel and dma_out scatters them to one plane per filter. */
#include "hal.h"
#include "layer_check.h"
#include "layers.h"

enum { ROWS = SOC_ARRAY_YDIM, COLUMNS = SOC_ARRAY_XDIM };
enum { PADDED_SIDE = IMAGE_SIDE + 2 * LENET5_CONV1_PADDING };

_Static_assert(
    LENET5_CONV1_KERNEL <= ROWS && LENET5_CONV2_KERNEL <= ROWS, "a kernel row fits the array");
_Static_assert(LENET5_CONV1_N <= SOC_ARRAY_ACC_ROWS, "the accumulator buffer holds all pixels");
_Static_assert(LENET5_CONV2_PADDING == 0, "only the image has padding");
_Static_assert(
    PADDED_SIDE *PADDED_SIDE <= (int)sizeof(ACTIVATIONS->image), "the padded image fits");

static struct dma dma_w = DMA_DEVICE(DMA_W);
static struct dma dma_x = DMA_DEVICE(DMA_X);
static struct dma dma_out = DMA_DEVICE(DMA_OUT);
static struct systolic array = SYSTOLIC_DEVICE(ARRAY);

/* The descriptors of a layer, and how its k elements are cut: `tiles` of `depth`, the last one
 * smaller. */
struct plan {
  uint32_t strips, tiles, depth;
  struct dma_descriptor *weights, *input, *output;
};

static struct plan plans[LENET5_LAYERS];

/* Descriptors lie in the SRAM, where the DMAs read them quickly. */
static struct dma_descriptor *allocate(uint32_t count) {
  static struct dma_descriptor *next = (struct dma_descriptor *)ACTIVATIONS->rest;
  struct dma_descriptor *first = next;
  next += count;
  if ((uintptr_t)next > SOC_SRAM_BASE + SOC_SRAM_SIZE) {
    print("the descriptors do not fit in the SRAM\n");
    exit(1);
  }
  return first;
}

static uint32_t least(uint32_t one, uint32_t other) { return one < other ? one : other; }
static uint32_t divide_up(uint32_t total, uint32_t part) { return (total + part - 1) / part; }

/* [k][filters of a strip]; full strips by one descriptor, a smaller last one by another. */
static struct dma_descriptor *plan_weights(const struct layer *layer) {
  uint32_t full = layer->m / COLUMNS;
  uint32_t rest = layer->m % COLUMNS;
  uint32_t count = (full > 0) + (rest > 0);
  struct dma_descriptor *chain = allocate(count);
  for (uint32_t index = 0; index < count; index += 1) {
    bool is_full = index == 0 && full > 0;
    uint32_t first = is_full ? 0 : full * COLUMNS;
    dma_describe(&chain[index], layer->weights + first, 1, is_full ? COLUMNS : rest);
    dma_repeat(&chain[index], 1, layer->k, (int32_t)layer->m);
    dma_repeat(&chain[index], 2, is_full ? full : 1, COLUMNS);
    dma_align_rows(&chain[index]);
  }
  dma_link_all(chain, count);
  return chain;
}

/* The input of one strip of a convolution: per channel all pixels for the first kernel row, for the
 * next … */
static struct dma_descriptor *plan_image(const struct layer *layer) {
  uint32_t pitch = layer->side + 2 * layer->padding;
  struct dma_descriptor *chain = allocate(layer->channels);
  for (uint32_t channel = 0; channel < layer->channels; channel += 1) {
    dma_describe(&chain[channel], layer->input + channel * pitch * pitch, 1, layer->kernel);
    dma_repeat(&chain[channel], 1, layer->output_side, 1);
    dma_repeat(&chain[channel], 2, layer->output_side, (int32_t)pitch);
    dma_repeat(&chain[channel], 3, layer->kernel, (int32_t)pitch);
    dma_align_rows(&chain[channel]);
  }
  dma_link_all(chain, layer->channels);
  return chain;
}

/* The input of one strip of a fully connected layer: the vector in pieces of `depth`. */
static struct dma_descriptor *plan_vector(const struct layer *layer, uint32_t depth) {
  uint32_t full = layer->k / depth;
  uint32_t rest = layer->k % depth;
  uint32_t count = (full > 0) + (rest > 0);
  struct dma_descriptor *chain = allocate(count);
  for (uint32_t index = 0; index < count; index += 1) {
    bool is_full = index == 0 && full > 0;
    dma_describe(
        &chain[index], layer->input + (is_full ? 0 : full * depth), 1, is_full ? depth : rest);
    dma_repeat(&chain[index], 1, is_full ? full : 1, (int32_t)depth);
    dma_align_rows(&chain[index]);
  }
  dma_link_all(chain, count);
  return chain;
}

/* Per strip all pixels, whose filters go to planes that are n elements apart. */
static struct dma_descriptor *plan_output(const struct layer *layer, uint32_t strips) {
  uint32_t bytes = layer->is_requantised ? 1 : 4;
  uint8_t *output = layer->output;
  if (layer->n == 1) {
    struct dma_descriptor *vector = allocate(1);
    dma_describe(vector, output, bytes, layer->m);
    return vector;
  }
  struct dma_descriptor *chain = allocate(strips);
  for (uint32_t strip = 0; strip < strips; strip += 1) {
    uint32_t filter = strip * COLUMNS;
    dma_describe(&chain[strip], output + filter * layer->n * bytes, bytes, 1);
    dma_repeat(&chain[strip], 0, least(COLUMNS, layer->m - filter), (int32_t)(layer->n * bytes));
    dma_repeat(&chain[strip], 1, layer->n, (int32_t)bytes);
  }
  dma_link_all(chain, strips);
  return chain;
}

void layers_open(void) {
  dma_open(&dma_w);
  dma_open(&dma_x);
  dma_open(&dma_out);
  systolic_open(&array);
  memset(ACTIVATIONS->image, 0, sizeof ACTIVATIONS->image);
  for (int index = 0; index < LENET5_LAYERS; index += 1) {
    const struct layer *layer = &network[index];
    struct plan *plan = &plans[index];
    plan->strips = divide_up(layer->m, COLUMNS);
    plan->depth = layer->n == 1 ? ROWS : layer->kernel;
    plan->tiles = divide_up(layer->k, plan->depth);
    plan->weights = plan_weights(layer);
    plan->input = layer->n == 1 ? plan_vector(layer, plan->depth) : plan_image(layer);
    plan->output = plan_output(layer, plan->strips);
  }
}

void layers_load_image(const int8_t *image) {
  int8_t *inside = ACTIVATIONS->image + LENET5_CONV1_PADDING * (PADDED_SIDE + 1);
  for (int row = 0; row < IMAGE_SIDE; row += 1) {
    memcpy(inside + row * PADDED_SIDE, image + row * IMAGE_SIDE, IMAGE_SIDE);
  }
}

void layer_run(enum layer_index index) {
  const struct layer *layer = &network[index];
  const struct plan *plan = &plans[index];
  dma_start_chain(&dma_out, plan->output);
  dma_start_chain(&dma_w, plan->weights);
  for (uint32_t strip = 0; strip < plan->strips; strip += 1) {
    uint32_t filter = strip * COLUMNS;
    uint32_t bank = strip & 1 ? SYSTOLIC_FLAGS_BIAS_BANK : 0;
    struct systolic_job job = {
        .m = layer->n,
        .n = least(COLUMNS, layer->m - filter),
        .scale = layer->scale,
        .shift = layer->shift,
    };
    dma_start_chain(&dma_x, plan->input);
    /* The bank is free when the strip before the previous one is finished. */
    if (strip >= 2) systolic_wait_until(&array, plan->tiles);
    systolic_load_bias(&array, strip & 1, layer->bias + filter, job.n);
    for (uint32_t tile = 0; tile < plan->tiles; tile += 1) {
      bool is_last = tile + 1 == plan->tiles;
      job.k = tile + 1 < plan->tiles ? plan->depth : layer->k - tile * plan->depth;
      job.flags = (tile > 0 ? SYSTOLIC_FLAGS_ACCUMULATE : 0) |
                  (is_last ? result_flags(layer->has_relu, layer->is_requantised) | bank : 0);
      systolic_configure(&array, &job);
      systolic_start(&array);
    }
  }
  check_dma(layer->name, "dma_w", dma_wait(&dma_w));
  check_dma(layer->name, "dma_x", dma_wait(&dma_x));
  check_dma(layer->name, "dma_out", dma_wait(&dma_out));
  check_array(layer->name, systolic_wait(&array));
}
