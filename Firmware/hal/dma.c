#include "dma.h"

#include <stddef.h>

#include "memory.h"
#include "mmio.h"

/* The descriptor in memory is a word and then the registers from MODE on. */
#define CHECK_PLACE(member, register) \
  _Static_assert(offsetof(struct dma_descriptor, member) == 4 + (register) - DMA_MODE, #member)
CHECK_PLACE(mode, DMA_MODE);
CHECK_PLACE(address, DMA_ADDR);
CHECK_PLACE(dimension, DMA_COUNT0);
CHECK_PLACE(image_size, DMA_IC_SIZE);
CHECK_PLACE(image_row_pitch, DMA_IC_ROW_PITCH);
CHECK_PLACE(destination_address, DMA_DST_ADDR);
CHECK_PLACE(destination, DMA_DST_COUNT0);
_Static_assert(sizeof(struct dma_descriptor) == 128, "a linked descriptor has 32 words");

enum { CONTROL = DMA_CTRL_IRQ_DONE | DMA_CTRL_IRQ_ERROR };

static const struct dma_descriptor empty = {
    .dimension = {{0, 0}, {1, 0}, {1, 0}, {1, 0}},
    .image_kernel = 0x01010101,
    .image_padding = 0x01010000,
    .image_output_width = 1,
    .image_channels = 1,
    .destination = {{0, 0}, {1, 0}, {1, 0}, {1, 0}},
};

static uint32_t log2_of(unsigned bytes) {
  uint32_t log = 0;
  while (bytes > 1) {
    bytes >>= 1;
    log += 1;
  }
  return log;
}

void dma_describe(
    struct dma_descriptor *descriptor, const void *address, unsigned element_bytes,
    uint32_t count) {
  *descriptor = empty;
  descriptor->mode = log2_of(element_bytes) << DMA_MODE_ELEMENT_SHIFT;
  descriptor->address = (uintptr_t)address;
  descriptor->dimension[0] = (struct dma_dimension){count, (int32_t)element_bytes};
}

void dma_describe_destination(struct dma_descriptor *descriptor, void *address, uint32_t count) {
  uint32_t log = (descriptor->mode & DMA_MODE_ELEMENT) >> DMA_MODE_ELEMENT_SHIFT;
  descriptor->destination_address = (uintptr_t)address;
  descriptor->destination[0] = (struct dma_dimension){count, 1 << log};
}

void dma_describe_image(
    struct dma_descriptor *descriptor, const struct dma_image *image, uint32_t first,
    uint32_t pixels) {
  *descriptor = empty;
  descriptor->mode = DMA_MODE_PATTERN_IM2COL | DMA_MODE_ROW_ALIGN;
  descriptor->address = (uintptr_t)image->data;
  descriptor->dimension[0] = (struct dma_dimension){pixels, 1};
  descriptor->image_size = image->height | (uint32_t)image->width << DMA_IC_SIZE_WIDTH_SHIFT;
  descriptor->image_kernel = image->kernel_height |
                             (uint32_t)image->kernel_width << DMA_IC_KERNEL_WIDTH_SHIFT |
                             (uint32_t)image->stride_y << DMA_IC_KERNEL_STRIDE_Y_SHIFT |
                             (uint32_t)image->stride_x << DMA_IC_KERNEL_STRIDE_X_SHIFT;
  descriptor->image_padding = image->top | (uint32_t)image->left << DMA_IC_PAD_LEFT_SHIFT |
                              1u << DMA_IC_PAD_DILATION_Y_SHIFT | 1u << DMA_IC_PAD_DILATION_X_SHIFT;
  descriptor->image_output_width = image->output_width;
  descriptor->image_first_pixel = first;
  descriptor->image_channels = image->channels;
  descriptor->image_channel_pitch = image->channel_pitch;
  descriptor->image_row_pitch = image->row_pitch;
}

void dma_link_all(struct dma_descriptor *descriptors, unsigned count) {
  for (unsigned index = 0; index < count; index += 1) {
    dma_link(&descriptors[index], index + 1 < count ? &descriptors[index + 1] : NULL);
  }
}

/* Clears DONE first and looks at the queue then: a job that ends in between sets DONE again and
 * interrupts again. */
static void update(struct dma *dma) {
  mmio_write(dma->base + DMA_STATUS, DMA_STATUS_DONE);
  uint32_t status = mmio_read(dma->base + DMA_STATUS);
  if (status & DMA_STATUS_ERROR) {
    if (dma->error == 0) dma->error = (status & DMA_STATUS_CODE) >> DMA_STATUS_CODE_SHIFT;
    mmio_write(dma->base + DMA_STATUS, DMA_STATUS_ERROR);
  }
  dma->held = (status & DMA_STATUS_QUEUED) >> DMA_STATUS_QUEUED_SHIFT;
}

static void interrupted(void *context) { update(context); }

void dma_open(struct dma *dma) {
  mmio_write(dma->base + DMA_CTRL, CONTROL);
  update(dma);
  dma->error = 0;
  interrupt_attach(dma->source, interrupted, dma);
}

/* Waits with interrupts off until at most `held` jobs are left. */
static void wait_for_room(struct dma *dma, uint32_t held) {
  while (dma->held > held) {
    interrupt_wait();
#ifndef HAL_PLIC_BASE
    update(dma);
#endif
  }
}

static void start(struct dma *dma, uint32_t linked) {
  mmio_fence();
  mmio_write(dma->base + DMA_CTRL, CONTROL | DMA_CTRL_START | linked);
  dma->held += 1;
}

void dma_start(struct dma *dma, const struct dma_descriptor *descriptor) {
  uint32_t state = interrupts_disable();
  wait_for_room(dma, 1);
  const uint32_t *words = &descriptor->mode;
  for (unsigned index = 0; index < 30; index += 1) {
    mmio_write(dma->base + DMA_MODE + 4 * index, words[index]);
  }
  start(dma, 0);
  interrupts_restore(state);
}

void dma_start_chain(struct dma *dma, const struct dma_descriptor *first) {
  uint32_t state = interrupts_disable();
  wait_for_room(dma, 1);
  mmio_write(dma->base + DMA_DESC, (uintptr_t)first);
  start(dma, DMA_CTRL_LINKED);
  interrupts_restore(state);
}

uint32_t dma_wait_until(struct dma *dma, uint32_t held) {
  uint32_t state = interrupts_disable();
  wait_for_room(dma, held);
  interrupts_restore(state);
  mmio_fence();
  return dma->error;
}

uint32_t dma_poll(struct dma *dma) {
  uint32_t state = interrupts_disable();
  do update(dma);
  while (dma->held > 0);
  interrupts_restore(state);
  mmio_fence();
  return dma->error;
}

uint32_t dma_clear_error(struct dma *dma) {
  uint32_t state = interrupts_disable();
  uint32_t error = dma->error;
  dma->error = 0;
  interrupts_restore(state);
  return error;
}

uint32_t dma_bytes_moved(const struct dma *dma) { return mmio_read(dma->base + DMA_BYTES); }

const char *dma_error_text(uint32_t code) {
  switch (code) {
    case 0: return "no error";
    case DMA_STATUS_CODE_DECODE: return "an access hit no target";
    case DMA_STATUS_CODE_TARGET: return "a target refused an access";
    case DMA_STATUS_CODE_QUEUE_FULL: return "started while two jobs were held";
    case DMA_STATUS_CODE_BAD_DESCRIPTOR: return "a field of the descriptor has no meaning";
    default: return "unknown error";
  }
}

void dma_describe_window(
    struct dma_descriptor *descriptor, const struct dma_window *window, uint32_t first,
    uint32_t pixels, uint32_t group, uint32_t block_bytes) {
  *descriptor = empty;
  descriptor->mode =
      DMA_MODE_PATTERN_WINDOW | log2_of(window->element_bytes) << DMA_MODE_ELEMENT_SHIFT;
  descriptor->address = (uintptr_t)window->data;
  descriptor->dimension[0] = (struct dma_dimension){pixels, 0};
  descriptor->dimension[2].count = group;
  descriptor->dimension[3].count = block_bytes;
  descriptor->image_size = window->height | (uint32_t)window->width << DMA_IC_SIZE_WIDTH_SHIFT;
  descriptor->image_kernel = window->kernel_height |
                             (uint32_t)window->kernel_width << DMA_IC_KERNEL_WIDTH_SHIFT |
                             (uint32_t)window->stride_y << DMA_IC_KERNEL_STRIDE_Y_SHIFT |
                             (uint32_t)window->stride_x << DMA_IC_KERNEL_STRIDE_X_SHIFT;
  descriptor->image_padding = window->top | (uint32_t)window->left << DMA_IC_PAD_LEFT_SHIFT |
                              (uint32_t)window->dilation_y << DMA_IC_PAD_DILATION_Y_SHIFT |
                              (uint32_t)window->dilation_x << DMA_IC_PAD_DILATION_X_SHIFT;
  descriptor->image_output_width = window->output_width;
  descriptor->image_first_pixel = first;
  descriptor->image_channels = window->channels;
  descriptor->image_padding_value = window->padding;
  descriptor->image_channel_pitch = window->pixel_pitch;
  descriptor->image_row_pitch = window->row_pitch;
}
