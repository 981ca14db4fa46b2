#include "heap.h"

#include <stdint.h>

#include "console.h"
#include "interrupts.h"

/* From the linker script. */
extern char __heap_start[], __heap_end[];

/* Sizes and places of blocks are multiples of this; a header takes one. */
enum { GRAIN = 16, NO_MEMORY = 12 };

/* A block starts with this, free or not. Free blocks are linked in the order of their addresses. */
struct block {
  /* Bytes, the header included. */
  size_t size;
  struct block *next;
};

_Static_assert(sizeof(struct block) <= GRAIN, "headers fit");

static struct block *first;

static uintptr_t round_up(uintptr_t value, uintptr_t multiple) {
  return (value + multiple - 1) & ~(multiple - 1);
}

static struct block *end_of(struct block *block) {
  return (struct block *)((char *)block + block->size);
}

/* At the first call, everything is one free block. */
static void prepare(void) {
  static bool is_prepared;
  if (is_prepared) return;
  is_prepared = true;
  size_t size = (size_t)(__heap_end - __heap_start) & ~(size_t)(GRAIN - 1);
  if (size == 0) return;
  first = (struct block *)(void *)__heap_start;
  *first = (struct block){size, NULL};
}

/* Cuts `size` bytes from `start` on out of the free block that `link` leads to; what is left over
 * on either side stays free. */
static void *cut(struct block **link, struct block *start, size_t size) {
  struct block *block = *link;
  struct block *next = block->next;
  size_t before = (size_t)((char *)start - (char *)block);
  size_t after = block->size - before - size;
  if (after > 0) {
    struct block *rest = (struct block *)((char *)start + size);
    *rest = (struct block){after, next};
    next = rest;
  }
  if (before > 0) {
    *block = (struct block){before, next};
  } else {
    *link = next;
  }
  start->size = size;
  return (char *)start + GRAIN;
}

/* The first place that is large enough. */
static void *allocate(size_t alignment, size_t size) {
  for (struct block **link = &first; *link != NULL; link = &(*link)->next) {
    uintptr_t payload = round_up((uintptr_t)*link + GRAIN, alignment);
    uintptr_t end = (uintptr_t)end_of(*link);
    if (payload <= end && size - GRAIN <= end - payload) {
      return cut(link, (struct block *)(payload - GRAIN), size);
    }
  }
  return NULL;
}

int posix_memalign(void **address, size_t alignment, size_t bytes) {
  if (alignment < GRAIN) alignment = GRAIN;
  uint32_t state = interrupts_disable();
  prepare();
  *address = bytes > SIZE_MAX / 2 ? NULL : allocate(alignment, round_up(bytes + GRAIN, GRAIN));
  interrupts_restore(state);
  if (*address != NULL) return 0;
  print(
      "no room for %lu bytes in a heap of %lu, %lu of them free; see cpu_firmware.heap_bytes\n",
      (unsigned long)bytes, (unsigned long)(__heap_end - __heap_start),
      (unsigned long)heap_free_bytes());
  return NO_MEMORY;
}

/* Makes one block of two that touch. */
static void join(struct block *block) {
  if (block->next == NULL || end_of(block) != block->next) return;
  block->size += block->next->size;
  block->next = block->next->next;
}

void free(void *address) {
  if (address == NULL) return;
  struct block *block = (struct block *)(void *)((char *)address - GRAIN);
  uint32_t state = interrupts_disable();
  struct block *previous = NULL;
  struct block *next = first;
  while (next != NULL && next < block) {
    previous = next;
    next = next->next;
  }
  block->next = next;
  if (previous == NULL) {
    first = block;
  } else {
    previous->next = block;
  }
  join(block);
  if (previous != NULL) join(previous);
  interrupts_restore(state);
}

size_t heap_free_bytes(void) {
  uint32_t state = interrupts_disable();
  prepare();
  size_t bytes = 0;
  for (struct block *block = first; block != NULL; block = block->next) bytes += block->size;
  interrupts_restore(state);
  return bytes;
}
