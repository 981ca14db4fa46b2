/* Scales 16-bit samples by 0.8 with an accelerator in SystemVerilog, `scaler`.
 *
 * Two DMA channels move them, and the simulator compares the result with a file after the run.
 * Ends with exit code 0 when everything ended well, otherwise 1. */
#include "hal.h"
#include "vector_scale_registers.h"

/* The bits of the registers are explained in Configs/rtl/vector_scale_registers.sv. */
enum { CTRL_START = 1, CTRL_IRQ_ENABLE = 2, STATUS_DONE = 2 };
/* 0.8 as FACTOR / 2^SHIFT. */
enum { FACTOR = 26214, SHIFT = 15 };
enum { SAMPLES = SOC_FILE_SAMPLES_ITEMS };

static struct dma dma_in = DMA_DEVICE(DMA_IN);
static struct dma dma_out = DMA_DEVICE(DMA_OUT);
static volatile bool is_done;

static void interrupted(void *context) {
  (void)context;
  mmio_write(SOC_SCALER_BASE + VECTOR_SCALE_STATUS, STATUS_DONE);
  is_done = true;
}

static void start_transfer(struct dma *dma, uintptr_t address) {
  struct dma_descriptor descriptor;
  dma_open(dma);
  dma_describe(&descriptor, (void *)address, sizeof(int16_t), SAMPLES);
  dma_start(dma, &descriptor);
}

int main(void) {
  interrupt_attach(SOC_SCALER_IRQ, interrupted, NULL);
  mmio_write(SOC_SCALER_BASE + VECTOR_SCALE_FACTOR, FACTOR);
  mmio_write(SOC_SCALER_BASE + VECTOR_SCALE_SHIFT, SHIFT);

  flecsim_tag("scale");
  uint64_t before = timer_cycles();
  mmio_write(SOC_SCALER_BASE + VECTOR_SCALE_CTRL, CTRL_START | CTRL_IRQ_ENABLE);
  start_transfer(&dma_out, SOC_FILE_SCALED_ADDRESS);
  start_transfer(&dma_in, SOC_FILE_SAMPLES_ADDRESS);
  WAIT_UNTIL(is_done);
  uint32_t error = dma_wait(&dma_in) | dma_wait(&dma_out);
  uint32_t cycles = (uint32_t)(timer_cycles() - before);

  flecsim_tag("report");
  print("%d samples on %d lanes in %u cycles\n", SAMPLES, SOC_SCALER_LANES, (unsigned)cycles);
  if (error != 0) print("a DMA failed: %s\n", dma_error_text(error));
  return error != 0;
}
