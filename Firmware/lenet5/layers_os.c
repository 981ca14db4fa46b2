/* Layers on an output-stationary array: it keeps a tile of YDIM filters x XDIM pixels and takes,
 * per step, one weight of each filter (dma_w) and one im2col element of each pixel (dma_x).
 *
 * Tiles are walked strip by strip: all pixels for the first YDIM filters, then for the next. Per
 * layer each DMA runs one prepared chain (dma_x one per strip); per tile the core only starts an
 * array job, one ahead of the array, so that a tile's operands follow those of the tile before
 * without a gap. */
#include "hal.h"
#include "layer_check.h"
#include "layers.h"

enum { ROWS = SOC_ARRAY_YDIM, COLUMNS = SOC_ARRAY_XDIM };

static struct dma dma_w = DMA_DEVICE(DMA_W);
static struct dma dma_x = DMA_DEVICE(DMA_X);
static struct dma dma_out = DMA_DEVICE(DMA_OUT);
static struct systolic array = SYSTOLIC_DEVICE(ARRAY);

/* The descriptors of a layer. */
struct plan {
  uint32_t strips, tiles;
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

/* [k][filters of a strip], once per tile; full strips by one descriptor, a smaller last one by
 * another. */
static struct dma_descriptor *plan_weights(const struct layer *layer, uint32_t tiles) {
  uint32_t full = layer->m / ROWS;
  uint32_t rest = layer->m % ROWS;
  uint32_t count = (full > 0) + (rest > 0);
  struct dma_descriptor *chain = allocate(count);
  for (uint32_t index = 0; index < count; index += 1) {
    bool is_full = index == 0 && full > 0;
    uint32_t first = is_full ? 0 : full * ROWS;
    dma_describe(&chain[index], layer->weights + first, 1, is_full ? ROWS : rest);
    dma_repeat(&chain[index], 1, layer->k, (int32_t)layer->m);
    dma_repeat(&chain[index], 2, tiles, 0);
    dma_repeat(&chain[index], 3, is_full ? full : 1, ROWS);
    dma_align_rows(&chain[index]);
  }
  dma_link_all(chain, count);
  return chain;
}

/* A tile of the im2col matrix per descriptor; all tiles of a strip, or for fully connected layers
 * the input vector once per strip. */
static struct dma_descriptor *plan_input(
    const struct layer *layer, uint32_t strips, uint32_t tiles) {
  struct dma_descriptor *chain = allocate(tiles);
  if (layer->n == 1) {
    dma_describe(chain, layer->input, 1, 1);
    dma_repeat(chain, 1, layer->k, 1);
    dma_repeat(chain, 2, strips, 0);
    dma_align_rows(chain);
    return chain;
  }
  const struct dma_image image = {
      .data = layer->input,
      .height = (uint16_t)layer->side,
      .width = (uint16_t)layer->side,
      .channels = (uint16_t)layer->channels,
      .kernel_height = (uint8_t)layer->kernel,
      .kernel_width = (uint8_t)layer->kernel,
      .stride_y = 1,
      .stride_x = 1,
      .top = (uint8_t)layer->padding,
      .left = (uint8_t)layer->padding,
      .output_width = layer->output_side,
      .channel_pitch = layer->side * layer->side,
      .row_pitch = layer->side,
  };
  for (uint32_t tile = 0; tile < tiles; tile += 1) {
    uint32_t first = tile * COLUMNS;
    dma_describe_image(&chain[tile], &image, first, least(COLUMNS, layer->n - first));
  }
  dma_link_all(chain, tiles);
  return chain;
}

/* Filters are n elements apart; per strip the full tiles and a smaller last one. */
static struct dma_descriptor *plan_output(const struct layer *layer, uint32_t strips) {
  uint32_t bytes = layer->is_requantised ? 1 : 4;
  uint8_t *output = layer->output;
  if (layer->n == 1) {
    struct dma_descriptor *vector = allocate(1);
    dma_describe(vector, output, bytes, layer->m);
    return vector;
  }
  uint32_t full = layer->n / COLUMNS;
  uint32_t rest = layer->n % COLUMNS;
  uint32_t parts = (full > 0) + (rest > 0);
  struct dma_descriptor *chain = allocate(strips * parts);
  struct dma_descriptor *next = chain;
  for (uint32_t strip = 0; strip < strips; strip += 1) {
    uint32_t filter = strip * ROWS;
    for (uint32_t part = 0; part < parts; part += 1) {
      bool is_full = part == 0 && full > 0;
      uint32_t pixel = is_full ? 0 : full * COLUMNS;
      dma_describe(
          next, output + (filter * layer->n + pixel) * bytes, bytes, is_full ? COLUMNS : rest);
      dma_repeat(next, 1, least(ROWS, layer->m - filter), (int32_t)(layer->n * bytes));
      dma_repeat(next, 2, is_full ? full : 1, (int32_t)(COLUMNS * bytes));
      next += 1;
    }
  }
  dma_link_all(chain, strips * parts);
  return chain;
}

void layers_open(void) {
  dma_open(&dma_w);
  dma_open(&dma_x);
  dma_open(&dma_out);
  systolic_open(&array);
  for (int index = 0; index < LENET5_LAYERS; index += 1) {
    const struct layer *layer = &network[index];
    struct plan *plan = &plans[index];
    plan->strips = divide_up(layer->m, ROWS);
    plan->tiles = divide_up(layer->n, COLUMNS);
    plan->weights = plan_weights(layer, plan->tiles);
    plan->input = plan_input(layer, plan->strips, plan->tiles);
    plan->output = plan_output(layer, plan->strips);
  }
}

void layers_load_image(const int8_t *image) {
  memcpy(ACTIVATIONS->image, image, LENET5_IMAGE_BYTES);
}

void layer_run(enum layer_index index) {
  const struct layer *layer = &network[index];
  const struct plan *plan = &plans[index];
  dma_start_chain(&dma_out, plan->output);
  dma_start_chain(&dma_w, plan->weights);
  if (layer->n == 1) dma_start_chain(&dma_x, plan->input);
  for (uint32_t strip = 0; strip < plan->strips; strip += 1) {
    uint32_t filter = strip * ROWS;
    struct systolic_job job = {
        .m = least(ROWS, layer->m - filter),
        .k = layer->k,
        .flags = result_flags(layer->has_relu, layer->is_requantised) |
                 (strip & 1 ? SYSTOLIC_FLAGS_BIAS_BANK : 0),
        .scale = layer->scale,
        .shift = layer->shift,
    };
    if (layer->n > 1) dma_start_chain(&dma_x, plan->input);
    /* The bank is free when the strip before the previous one is finished. */
    if (strip >= 2) systolic_wait_until(&array, plan->tiles);
    systolic_load_bias(&array, strip & 1, layer->bias + filter, job.m);
    for (uint32_t tile = 0; tile < plan->tiles; tile += 1) {
      uint32_t columns = least(COLUMNS, layer->n - tile * COLUMNS);
      if (tile == 0 || columns != job.n) {
        job.n = columns;
        systolic_configure(&array, &job);
      }
      systolic_start(&array);
    }
  }
  check_dma(layer->name, "dma_w", dma_wait(&dma_w));
  check_dma(layer->name, "dma_x", dma_wait(&dma_x));
  check_dma(layer->name, "dma_out", dma_wait(&dma_out));
  check_array(layer->name, systolic_wait(&array));
}
