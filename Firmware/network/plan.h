/* The plan: what every engine of the system has to do, as it lies in memory.
 *
 * All words are 32 bits, little endian; all addresses are absolute. */
#ifndef PLAN_H
#define PLAN_H

#include <stdint.h>

enum { PLAN_MAGIC = 0x50434C46, PLAN_VERSION = 1 };

struct plan_header {
  uint32_t magic;
  uint32_t version;
  uint32_t bytes;
  uint32_t engine_count;
  uint32_t engines;
  uint32_t tag_count;
  uint32_t tags;
};

enum engine_kind { ENGINE_CORE = 0, ENGINE_DMA = 1, ENGINE_ACCELERATOR = 2 };

struct plan_engine {
  uint32_t base;
  uint32_t source;
  uint32_t kind;
  uint32_t commands;
  uint32_t command_count;
  uint32_t name;
  uint32_t reserved[2];
};

/* Words of a command in front of its waits. */
enum { COMMAND_WORDS = 0, COMMAND_TAG = 1, COMMAND_COUNTS = 2, COMMAND_WAITS = 3 };

/* What lies at an address of the plan. */
static inline const void *plan_at(uint32_t address) { return (const void *)(uintptr_t)address; }

#endif
