/* sum = a + b on the accelerator `adder` of a plug-in, timed by the peripheral `stopwatch` of
 * another.
 *
 * Three DMA channels move the vectors; the simulator compares the sums with a file after the run.
 * Ends with exit code 0 when DMAs, accelerator and stopwatch did what they should, otherwise 1. */
#include "hal.h"
#include "stopwatch_registers.h"
#include "vectoradd_registers.h"

/* The bits of the registers are explained in Configs/plugins/vector_add.c and stopwatch.c. */
enum { ADDER_START = 1, ADDER_DONE = 2 };
enum { STOPWATCH_START = 1, STOPWATCH_STOP = 2, STOPWATCH_RUNG = 2 };
enum { ELEMENTS = SOC_FILE_SUM_ITEMS, ALARM_CYCLES = 100 };

static struct dma dma_a = DMA_DEVICE(DMA_A);
static struct dma dma_b = DMA_DEVICE(DMA_B);
static struct dma dma_sum = DMA_DEVICE(DMA_SUM);
static volatile bool is_added, has_rung;

static void adder_interrupted(void *context) {
  (void)context;
  mmio_write(SOC_ADDER_BASE + VECTORADD_STATUS, ADDER_DONE);
  is_added = true;
}

static void stopwatch_interrupted(void *context) {
  (void)context;
  mmio_write(SOC_STOPWATCH_BASE + STOPWATCH_STATUS, STOPWATCH_RUNG);
  has_rung = true;
}

static void prepare(struct dma *dma, struct dma_descriptor *descriptor, uintptr_t address) {
  dma_open(dma);
  dma_describe(descriptor, (void *)address, sizeof(int32_t), ELEMENTS);
}

int main(void) {
  struct dma_descriptor a, b, sum;
  prepare(&dma_a, &a, SOC_FILE_A_ADDRESS);
  prepare(&dma_b, &b, SOC_FILE_B_ADDRESS);
  prepare(&dma_sum, &sum, SOC_FILE_SUM_ADDRESS);
  interrupt_attach(SOC_ADDER_IRQ, adder_interrupted, NULL);
  interrupt_attach(SOC_STOPWATCH_IRQ, stopwatch_interrupted, NULL);
  mmio_write(SOC_ADDER_BASE + VECTORADD_COUNT, ELEMENTS);
  mmio_write(SOC_STOPWATCH_BASE + STOPWATCH_ALARM, ALARM_CYCLES);

  flecsim_tag("add");
  mmio_write(SOC_ADDER_BASE + VECTORADD_START, ADDER_START);
  dma_start(&dma_sum, &sum);
  dma_start(&dma_a, &a);
  mmio_write(SOC_STOPWATCH_BASE + STOPWATCH_CTRL, STOPWATCH_START);
  dma_start(&dma_b, &b);
  WAIT_UNTIL(is_added);
  uint32_t error = dma_wait(&dma_a) | dma_wait(&dma_b) | dma_wait(&dma_sum);
  mmio_write(SOC_STOPWATCH_BASE + STOPWATCH_CTRL, STOPWATCH_STOP);
  uint32_t cycles = mmio_read(SOC_STOPWATCH_BASE + STOPWATCH_COUNT);

  flecsim_tag("report");
  print("%d elements on %d lanes in %u cycles\n", ELEMENTS, SOC_ADDER_LANES, (unsigned)cycles);
  if (error != 0) print("a DMA failed: %s\n", dma_error_text(error));
  if (!has_rung) print("the stopwatch's alarm never came\n");
  return error != 0 || !has_rung;
}
