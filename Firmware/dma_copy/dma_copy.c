/* Memory-to-memory transfers of every kind, each compared with the same transfer done by the core.
 *
 * Ends with exit code 0 when all are right and 1 when one is not. */
#include "hal.h"

enum { AREA_BYTES = 4096, CHAIN = 3 };

static struct dma dma = DMA_DEVICE(DMA);
static uint8_t source[AREA_BYTES];
static uint8_t expected[AREA_BYTES];
static uint8_t *const destination = (uint8_t *)SOC_SRAM_BASE;

/* What the core does in place of the DMA: an address per element from four nested counters. */
struct walk {
  const struct dma_dimension *dimension;
  uintptr_t base;
  uint32_t index[4];
};

static uintptr_t walk_address(const struct walk *walk) {
  uintptr_t address = walk->base;
  for (int dimension = 0; dimension < 4; dimension += 1) {
    address += walk->index[dimension] * (uintptr_t)walk->dimension[dimension].stride;
  }
  return address;
}

static void walk_step(struct walk *walk) {
  for (int dimension = 0; dimension < 4; dimension += 1) {
    walk->index[dimension] += 1;
    if (walk->index[dimension] < walk->dimension[dimension].count) return;
    walk->index[dimension] = 0;
  }
}

static uint32_t element_count(const struct dma_dimension *dimension) {
  return dimension[0].count * dimension[1].count * dimension[2].count * dimension[3].count;
}

/* Copies as `descriptor` says, into `expected` in place of the destination. */
static void copy_by_core(const struct dma_descriptor *descriptor) {
  uint32_t bytes = 1u << ((descriptor->mode & DMA_MODE_ELEMENT) >> DMA_MODE_ELEMENT_SHIFT);
  struct walk from = {.dimension = descriptor->dimension, .base = descriptor->address};
  struct walk to = {
      .dimension = descriptor->destination,
      .base = descriptor->destination_address - (uintptr_t)destination + (uintptr_t)expected,
  };
  for (uint32_t left = element_count(descriptor->dimension); left > 0; left -= 1) {
    memcpy((void *)walk_address(&to), (const void *)walk_address(&from), bytes);
    walk_step(&from);
    walk_step(&to);
  }
}

static void prepare(void) {
  static uint32_t random = 1;
  for (int index = 0; index < AREA_BYTES; index += 1) {
    random = random * 1664525 + 1013904223;
    source[index] = (uint8_t)(random >> 24);
  }
  memset(destination, 0xEE, AREA_BYTES);
  memset(expected, 0xEE, AREA_BYTES);
}

/* Every byte of the destination, also those that must not have been touched. */
static int check(const char *name, uint32_t error, uint32_t expected_error) {
  int is_right = error == expected_error && memcmp(destination, expected, AREA_BYTES) == 0;
  print("%-28s %s", name, is_right ? "ok" : "WRONG");
  if (expected_error != 0 && is_right) print(" (as intended: %s)", dma_error_text(error));
  if (!is_right) print(" (%s)", dma_error_text(error));
  print("\n");
  return !is_right;
}

static int run(const char *name, const struct dma_descriptor *descriptor) {
  flecsim_tag(name);
  dma_start(&dma, descriptor);
  uint32_t error = dma_wait(&dma);
  flecsim_tag("check");
  copy_by_core(descriptor);
  return check(name, error, 0);
}

static void describe_copy(struct dma_descriptor *d, uint32_t from, uint32_t to, uint32_t bytes) {
  dma_describe(d, source + from, 1, bytes);
  dma_describe_destination(d, destination + to, bytes);
}

static int copy_contiguous(void) {
  struct dma_descriptor d;
  prepare();
  describe_copy(&d, 0, 0, 2048);
  return run("contiguous", &d);
}

static int copy_unaligned(void) {
  int failures = 0;
  prepare();
  for (uint32_t offset = 0; offset < 18; offset += 5) {
    struct dma_descriptor d;
    describe_copy(&d, 3 + offset, 128 * offset + 17 - offset, 61 + 7 * offset);
    failures += run("unaligned", &d);
  }
  return failures;
}

static int copy_nothing(void) {
  struct dma_descriptor d;
  prepare();
  describe_copy(&d, 5, 9, 0);
  int failures = run("zero length", &d);
  describe_copy(&d, 5, 9, 16);
  dma_repeat(&d, 2, 0, 64);
  dma_repeat_destination(&d, 3, 0, 64);
  return failures + run("zero repetitions", &d);
}

/* A 2 x 3 x 4 x 5 block out of a larger one, written with its dimensions in reverse order. */
static int copy_four_dimensions(void) {
  struct dma_descriptor d;
  prepare();
  dma_describe(&d, source + 101, 1, 5);
  dma_repeat(&d, 1, 4, 9);
  dma_repeat(&d, 2, 3, 64);
  dma_repeat(&d, 3, 2, 1000);
  dma_describe_destination(&d, destination + 33, 5);
  dma_repeat_destination(&d, 0, 5, 24);
  dma_repeat_destination(&d, 1, 4, 6);
  dma_repeat_destination(&d, 2, 3, 2);
  dma_repeat_destination(&d, 3, 2, 1);
  return run("four dimensions", &d);
}

/* Words in reverse order. */
static int copy_backwards(void) {
  struct dma_descriptor d;
  prepare();
  dma_describe(&d, source + 4 * 63, 4, 64);
  dma_repeat(&d, 0, 64, -4);
  dma_describe_destination(&d, destination + 256, 64);
  return run("words backwards", &d);
}

static int copy_linked(void) {
  static struct dma_descriptor chain[CHAIN];
  prepare();
  describe_copy(&chain[0], 0, 700, 100);
  describe_copy(&chain[1], 1000, 0, 0);
  describe_copy(&chain[2], 2001, 13, 333);
  dma_link_all(chain, CHAIN);
  flecsim_tag("linked descriptors");
  dma_start_chain(&dma, chain);
  uint32_t error = dma_wait(&dma);
  flecsim_tag("check");
  for (int index = 0; index < CHAIN; index += 1) copy_by_core(&chain[index]);
  return check("linked descriptors", error, 0);
}

/* More jobs than the queue holds: dma_start waits for room. */
static int copy_queued(void) {
  struct dma_descriptor d;
  prepare();
  flecsim_tag("queued jobs");
  for (uint32_t index = 0; index < 5; index += 1) {
    describe_copy(&d, 300 * index, 301 * index, 290);
    dma_start(&dma, &d);
    copy_by_core(&d);
  }
  uint32_t error = dma_wait(&dma);
  flecsim_tag("check");
  return check("queued jobs", error, 0);
}

/* Nothing answers there: the channel reports it, and works again afterwards. */
static int read_bad_address(void) {
  struct dma_descriptor d;
  prepare();
  dma_describe(&d, (const void *)0x70000000, 1, 64);
  dma_describe_destination(&d, destination, 64);
  dma_start(&dma, &d);
  uint32_t error = dma_wait(&dma);
  /* The destination's content is not defined after an error. */
  memset(destination, 0xEE, AREA_BYTES);
  int failures = check("bad address", error, DMA_STATUS_CODE_DECODE);
  dma_clear_error(&dma);
  describe_copy(&d, 0, 0, 100);
  return failures + run("after the error", &d);
}

static int start_bad_descriptor(void) {
  struct dma_descriptor d;
  prepare();
  describe_copy(&d, 0, 0, 100);
  d.destination[0].count = 99;
  dma_start(&dma, &d);
  uint32_t error = dma_wait(&dma);
  int failures = check("bad descriptor", error, DMA_STATUS_CODE_BAD_DESCRIPTOR);
  dma_clear_error(&dma);
  return failures;
}

int main(void) {
  dma_open(&dma);
  int failures = copy_contiguous() + copy_unaligned() + copy_nothing() + copy_four_dimensions() +
                 copy_backwards() + copy_linked() + copy_queued() + read_bad_address() +
                 start_bad_descriptor();
  print("%u bytes moved, %d wrong\n", (unsigned)dma_bytes_moved(&dma), failures);
  return failures != 0;
}
