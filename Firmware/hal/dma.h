/* DMA channels: memory to stream, stream to memory, memory to memory. */
#ifndef DMA_H
#define DMA_H

#include <stdint.h>

#include "dma_registers.h"
#include "interrupts.h"
#include "soc.h"

/* A count and the distance in bytes of neighbours, in one of four nested dimensions. */
struct dma_dimension {
  uint32_t count;
  int32_t stride;
};

/* A transfer, as the channel reads it from memory when descriptors are linked. */
struct dma_descriptor {
  uint32_t next;
  uint32_t mode;
  uint32_t address;
  struct dma_dimension dimension[4];
  uint32_t image_size;
  uint32_t image_kernel;
  uint32_t image_padding;
  uint32_t image_output_width;
  uint32_t image_first_pixel;
  uint32_t image_channels;
  uint32_t image_padding_value;
  uint32_t image_channel_pitch;
  uint32_t image_row_pitch;
  uint32_t destination_address;
  struct dma_dimension destination[4];
  uint32_t reserved;
} __attribute__((aligned(64)));

enum {
  DMA_DESCRIPTOR_BYTES = sizeof(struct dma_descriptor),
  DMA_DESCRIPTOR_ALIGNMENT = _Alignof(struct dma_descriptor),
};

/* The geometry of a convolution over an image stored channel by channel; in pixels where nothing
 * else is said. Elements are bytes. */
struct dma_image {
  const void *data;
  uint16_t height, width, channels;
  uint8_t kernel_height, kernel_width;
  uint8_t stride_y, stride_x;
  uint8_t top, left;
  uint32_t output_width;
  /* Bytes. */
  uint32_t channel_pitch, row_pitch;
};

/* The geometry of a convolution over an image stored pixel by pixel (HWC); in pixels where nothing
 * else is said. */
struct dma_window {
  const void *data;
  uint16_t height, width;
  /* Elements taken at every place, and the bytes of one. */
  uint32_t channels;
  uint8_t element_bytes;
  uint8_t kernel_height, kernel_width;
  uint8_t stride_y, stride_x;
  uint8_t dilation_y, dilation_x;
  uint8_t top, left;
  uint32_t output_width;
  /* Bytes. */
  uint32_t pixel_pitch, row_pitch;
  /* The byte that padding is made of. */
  uint8_t padding;
};

/* A channel; make one with DMA_DEVICE. */
struct dma {
  uintptr_t base;
  unsigned source;
  /* Jobs that the channel holds, the running one included, as last seen. */
  volatile uint32_t held;
  /* The first error since dma_open or dma_clear_error: DMA_STATUS_CODE_..., 0 for none. */
  volatile uint32_t error;
};

/* The channel whose name in the SoC description is, in capitals, NAME. */
#define DMA_DEVICE(NAME) \
  {.base = SOC_##NAME##_BASE, .source = SOC_##NAME##_IRQ, .held = 0, .error = 0}

/* Describes `count` neighbouring elements from `address`; `element_bytes` is 1, 2, 4 or 8. */
void dma_describe(
    struct dma_descriptor *descriptor, const void *address, unsigned element_bytes, uint32_t count);

/* Sets one of the four dimensions, 0 innermost. */
static inline void dma_repeat(
    struct dma_descriptor *descriptor, unsigned dimension, uint32_t count, int32_t stride) {
  descriptor->dimension[dimension] = (struct dma_dimension){count, stride};
}

/* Sets where the bytes go, for memory to memory: `count` neighbouring elements from `address`. */
void dma_describe_destination(struct dma_descriptor *descriptor, void *address, uint32_t count);

static inline void dma_repeat_destination(
    struct dma_descriptor *descriptor, unsigned dimension, uint32_t count, int32_t stride) {
  descriptor->destination[dimension] = (struct dma_dimension){count, stride};
}

/* Describes columns of the im2col matrix: `pixels` output pixels from pixel `first`, one row per
 * channel and kernel element. Every row starts a new beat. */
void dma_describe_image(
    struct dma_descriptor *descriptor, const struct dma_image *image, uint32_t first,
    uint32_t pixels);

/* Describes rows of the im2col matrix, tile by tile: `pixels` output pixels from pixel `first` in
 * groups of `group` (0: all in one); for every group, kernel row, kernel column and block of
 * `block_bytes` (0: the port's width) each pixel's piece is one beat. Memory to stream only. */
void dma_describe_window(
    struct dma_descriptor *descriptor, const struct dma_window *window, uint32_t first,
    uint32_t pixels, uint32_t group, uint32_t block_bytes);

/* Repeats a window `count` times with the image moved by `stride` bytes. */
static inline void dma_repeat_window(
    struct dma_descriptor *descriptor, uint32_t count, int32_t stride) {
  descriptor->dimension[1] = (struct dma_dimension){count, stride};
}

/* Lets a window take all columns of a kernel row as one run; the columns must be neighbours. */
static inline void dma_merge_columns(struct dma_descriptor *descriptor) {
  descriptor->dimension[3].stride |= DMA_STRIDE3_MERGE;
}

/* Lets the pieces of a window's group, or the rows that dimension 1 repeats, leave transposed: one
 * beat per element. A row and a column must fit in a beat. Memory to stream only. */
static inline void dma_turn(struct dma_descriptor *descriptor) {
  descriptor->mode |= DMA_MODE_TURN;
}

/* Lets every innermost row start a new beat of the stream. */
static inline void dma_align_rows(struct dma_descriptor *descriptor) {
  descriptor->mode |= DMA_MODE_ROW_ALIGN;
}

/* Lets `next` follow in a chain; NULL ends it. */
static inline void dma_link(struct dma_descriptor *descriptor, const struct dma_descriptor *next) {
  descriptor->next = (uintptr_t)next;
}

/* Links the elements of an array. */
void dma_link_all(struct dma_descriptor *descriptors, unsigned count);

/* Prepares a channel: clears its flags, attaches its interrupt. */
void dma_open(struct dma *dma);

/* Starts one transfer, or queues it behind the running one; waits while a transfer is queued
 * already. The descriptor may be reused at once. */
void dma_start(struct dma *dma, const struct dma_descriptor *descriptor);

/* Starts a chain of linked descriptors, as one job; they must stay unchanged until it is done. */
void dma_start_chain(struct dma *dma, const struct dma_descriptor *first);

/* Sleeps until at most `held` jobs are left. Returns the error code, 0 for none. */
uint32_t dma_wait_until(struct dma *dma, uint32_t held);

/* Sleeps until everything is done. Returns the error code, 0 for none. */
static inline uint32_t dma_wait(struct dma *dma) { return dma_wait_until(dma, 0); }

/* Like dma_wait, without interrupts: asks the channel again and again. */
uint32_t dma_poll(struct dma *dma);

/* Forgets the error; returns it. */
uint32_t dma_clear_error(struct dma *dma);

/* Payload bytes moved since reset, low 32 bits. */
uint32_t dma_bytes_moved(const struct dma *dma);

/* What an error code means. */
const char *dma_error_text(uint32_t code);

#endif
