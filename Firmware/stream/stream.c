/* Keeps an output-stationary array and its DMAs streaming: jobs of depth STREAM_K without a pause,
 * to see how fast the whole system simulates and how close the array gets to its peak. */
#include "hal.h"

#ifndef STREAM_JOBS
#define STREAM_JOBS 64
#endif
#ifndef STREAM_K
#define STREAM_K 4096
#endif

static struct dma dma_a = DMA_DEVICE(DMA_A);
static struct dma dma_b = DMA_DEVICE(DMA_B);
static struct dma dma_out = DMA_DEVICE(DMA_OUT);
static struct systolic array = SYSTOLIC_DEVICE(ARRAY);

static int8_t a[STREAM_K][SOC_ARRAY_YDIM] __attribute__((aligned(64)));
static int8_t b[STREAM_K][SOC_ARRAY_XDIM] __attribute__((aligned(64)));
static int32_t result[SOC_ARRAY_YDIM][SOC_ARRAY_XDIM] __attribute__((aligned(64)));

int main(void) {
  for (unsigned k = 0; k < STREAM_K; k++) {
    for (unsigned row = 0; row < SOC_ARRAY_YDIM; row++) a[k][row] = (int8_t)(k + row);
    for (unsigned column = 0; column < SOC_ARRAY_XDIM; column++)
      b[k][column] = (int8_t)(k - column);
  }
  dma_open(&dma_a);
  dma_open(&dma_b);
  dma_open(&dma_out);
  systolic_open(&array);
  struct dma_descriptor from_a, from_b, to_result;
  dma_describe(&from_a, a, 1, sizeof a);
  dma_describe(&from_b, b, 1, sizeof b);
  dma_describe(&to_result, result, 4, SOC_ARRAY_YDIM * SOC_ARRAY_XDIM);
  const struct systolic_job job = {
      .m = SOC_ARRAY_YDIM, .n = SOC_ARRAY_XDIM, .k = STREAM_K, .flags = SYSTOLIC_FLAGS_OUTPUT};
  systolic_configure(&array, &job);
  flecsim_tag("stream");
  for (unsigned index = 0; index < STREAM_JOBS; index++) {
    systolic_start(&array);
    dma_start(&dma_a, &from_a);
    dma_start(&dma_b, &from_b);
    dma_start(&dma_out, &to_result);
  }
  uint32_t error = systolic_wait(&array) | dma_wait(&dma_a) | dma_wait(&dma_b) | dma_wait(&dma_out);
  flecsim_tag("check");
  int32_t expected = 0;
  for (unsigned k = 0; k < STREAM_K; k++) expected += (int32_t)a[k][3] * b[k][5];
  return error != 0 || result[3][5] != expected;
}
