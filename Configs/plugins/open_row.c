/* open_row.c - the timing of a memory with banks and rows, such as a DRAM.
 *
 * A bank has one open row. A word of it takes `access` cycles; each bank takes one word per cycle.
 * A word of another row waits until that row is open: `activate` cycles, and `precharge` more if
 * another one has to be closed first. Neighbouring rows lie in neighbouring banks, so that each of
 * several transfers can have a row of its own open.
 * Not modelled: refresh, shared pins, opening a row before it is asked for. */
#include <stdio.h>
#include <stdlib.h>

#include "flecsim_plugin.h"

enum { BANKS, ROW_WORDS, ACCESS, ACTIVATE, PRECHARGE };

static const flecsim_parameter parameters[] = {
    {"banks", "Banks.", 1, 64, 4},
    {"row_words", "Words of the bus per row, a power of two.", 1, 65536, 64},
    {"access", "Cycles to a word of the open row.", 1, 1000, 4},
    {"activate", "Cycles to open a row.", 0, 1000, 6},
    {"precharge", "Cycles to close a row.", 0, 1000, 6},
};

struct bank {
  int is_open;
  uint64_t row;
  uint64_t free; /* the first cycle in which it takes another word */
};

struct open_row {
  uint64_t banks, row_words, access, activate, precharge;
  struct bank bank[64];
};

static void *create(
    const flecsim_host *host, const int64_t *values, char *error, size_t error_bytes) {
  (void)host;
  if (values[ROW_WORDS] & (values[ROW_WORDS] - 1)) {
    snprintf(
        error, error_bytes, "row_words is %lld, which is no power of two",
        (long long)values[ROW_WORDS]);
    return NULL;
  }
  struct open_row *this = calloc(1, sizeof *this);
  if (this == NULL) return NULL;
  this->banks = (uint64_t)values[BANKS];
  this->row_words = (uint64_t)values[ROW_WORDS];
  this->access = (uint64_t)values[ACCESS];
  this->activate = (uint64_t)values[ACTIVATE];
  this->precharge = (uint64_t)values[PRECHARGE];
  return this;
}

static int start(void *instance, flecsim_memory_access *access) {
  struct open_row *this = instance;
  uint64_t row = access->word / this->row_words;
  struct bank *bank = &this->bank[row % this->banks];
  if (bank->free > access->cycle) {
    access->until = bank->free;
    return 0;
  }
  uint64_t delay = 0;
  if (!bank->is_open || bank->row != row) {
    delay = this->activate + (bank->is_open ? this->precharge : 0);
  }
  bank->is_open = 1;
  bank->row = row;
  bank->free = access->cycle + delay + 1;
  access->until = access->cycle + delay + this->access - 1;
  return 1;
}

static const flecsim_plugin plugin = {
    .abi = FLECSIM_PLUGIN_ABI,
    .struct_bytes = sizeof(flecsim_plugin),
    .category = FLECSIM_MEMORY,
    .name = "OpenRow",
    .summary = "A memory with banks and open rows.",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof *parameters,
    .create = create,
    .destroy = free,
    .access = start,
};

const flecsim_plugin *flecsim_plugin_entry(uint32_t abi) {
  return abi >= FLECSIM_PLUGIN_ABI ? &plugin : NULL;
}
