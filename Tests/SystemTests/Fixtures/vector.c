/* A product of matrices whose 64 rows are the pixels of an 8 x 8 image: requantised by the array,
 * then added to a second image and pooled by the vector unit, in one pass to memory. */
#include "hal.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, DEPTH = 16, CHANNELS = 8, TILE = 8, SHIFT = 6 };
enum { CTRL = 0x00, STATUS = 0x04, MODE = 0x08, BEATS = 0x0C, A_RATIO = 0x10, B_RATIO = 0x14,
       CONSTANT = 0x18, POOL_SIZE = 0x30, POOL_KERNEL = 0x34, POOL_OUT = 0x3C, JOBS = 0x40 };

static struct dma dma_a = DMA_DEVICE(DMA_A);
static struct dma dma_b = DMA_DEVICE(DMA_B);
static struct dma dma_side = DMA_DEVICE(DMA_SIDE);
static struct dma dma_out = DMA_DEVICE(DMA_OUT);
static struct systolic array = SYSTOLIC_DEVICE(ARRAY);

static int8_t a[PIXELS / TILE][DEPTH][TILE] __attribute__((aligned(64)));
static int8_t b[PIXELS / TILE][DEPTH][CHANNELS] __attribute__((aligned(64)));
static int8_t second[PIXELS][CHANNELS] __attribute__((aligned(64)));
static int8_t result[PIXELS / 4][CHANNELS] __attribute__((aligned(64)));

static void put(unsigned offset, uint32_t value) {
  *(volatile uint32_t *)(SOC_VECTOR_BASE + offset) = value;
}

static uint32_t get(unsigned offset) { return *(volatile uint32_t *)(SOC_VECTOR_BASE + offset); }

static int saturated(int value) { return value < -128 ? -128 : value > 127 ? 127 : value; }

/* value / 2^shift, rounded half to even. */
static int rounded(int value, int shift) {
  return (value + (1 << (shift - 1)) - 1 + (value >> shift & 1)) >> shift;
}

static int pixel(unsigned y, unsigned x, unsigned channel) {
  unsigned index = y * SIDE + x;
  int sum = 0;
  for (unsigned k = 0; k < DEPTH; k++)
    sum += a[index / TILE][k][index % TILE] * b[0][k][channel];
  int product = saturated(rounded(sum, SHIFT));
  return saturated(rounded(2 * product + second[index][channel], 1));
}

int main(void) {
  for (unsigned tile = 0; tile < PIXELS / TILE; tile++)
    for (unsigned k = 0; k < DEPTH; k++)
      for (unsigned i = 0; i < TILE; i++) {
        a[tile][k][i] = (int8_t)(37 * tile + 11 * k + 5 * i + (k ^ i));
        b[tile][k][i] = (int8_t)(29 * k + 3 * i * i + 7);
      }
  for (unsigned i = 0; i < PIXELS; i++)
    for (unsigned channel = 0; channel < CHANNELS; channel++)
      second[i][channel] = (int8_t)(13 * i + 31 * channel);
  dma_open(&dma_a);
  dma_open(&dma_b);
  dma_open(&dma_side);
  dma_open(&dma_out);
  systolic_open(&array);
  struct dma_descriptor from_a, from_b, from_second, to_result;
  dma_describe(&from_a, a, 1, sizeof a);
  dma_describe(&from_b, b, 1, sizeof b);
  dma_describe(&from_second, second, 1, sizeof second);
  dma_describe(&to_result, result, 1, sizeof result);
  const struct systolic_job job = {
      .m = PIXELS, .n = CHANNELS, .k = DEPTH,
      .flags = SYSTOLIC_FLAGS_OUTPUT | SYSTOLIC_FLAGS_REQUANTISE | 1u << 7 /* TILED */,
      .scale = 1, .shift = SHIFT};
  systolic_configure(&array, &job);
  /* a + second / 2, then the greatest of each 2 x 2 pixels. */
  put(MODE, 1u << 2 | 1u << 6);
  put(BEATS, PIXELS);
  put(A_RATIO, 0x3F800000u);
  put(B_RATIO, 0x3F000000u);
  put(CONSTANT, 0);
  put(POOL_SIZE, SIDE | SIDE << 16);
  put(POOL_KERNEL, 2u | 2u << 8 | 2u << 16 | 2u << 24);
  put(POOL_OUT, SIDE / 2 | SIDE / 2 << 16);
  flecsim_tag("layer");
  dma_start(&dma_out, &to_result);
  put(CTRL, 1);
  dma_start(&dma_side, &from_second);
  systolic_start(&array);
  dma_start(&dma_a, &from_a);
  dma_start(&dma_b, &from_b);
  if (systolic_wait(&array) | dma_wait(&dma_out) | dma_wait(&dma_side)) return 2;
  flecsim_tag("check");
  if (get(JOBS) != 1 || get(STATUS) != 2) return 3;
  for (unsigned y = 0; y < SIDE / 2; y++)
    for (unsigned x = 0; x < SIDE / 2; x++)
      for (unsigned channel = 0; channel < CHANNELS; channel++) {
        int best = -128;
        for (unsigned i = 0; i < 4; i++) {
          int value = pixel(2 * y + i / 2, 2 * x + i % 2, channel);
          if (value > best) best = value;
        }
        if (result[y * SIDE / 2 + x][channel] != best) return 1;
      }
  return 0;
}
