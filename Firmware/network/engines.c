#include "engines.h"

#include <stddef.h>

#include "console.h"
#include "exit.h"
#include "interrupts.h"
#include "mmio.h"
#include "soc.h"
#include "trace.h"

enum {
  ENGINE_LIMIT = 64,
  /* Commands that a device holds: one runs, one waits. */
  DEVICE_DEPTH = 2,
  /* The same registers in all devices. */
  STATUS = 0x04,
  STATUS_DONE = 1 << 1,
  STATUS_ERROR = 1 << 2,
  STATUS_CODE_SHIFT = 8,
  STATUS_HELD_SHIFT = 16,
  JOBS = 0x40,
};

struct engine {
  /* The first command that was not issued yet. */
  const uint32_t *next;
  uint32_t issued;
  uint32_t completed;
  uint32_t total;
  uintptr_t base;
  uint32_t kind;
  /* The register JOBS before the first command. */
  uint32_t jobs;
  /* The layer that the running command belongs to, as far as tags say. */
  const char *layer;
  /* A tag that counts from command `tag_at` on: reports charge a layer for what runs, not for what
   * is queued. */
  uint32_t tag;
  uint32_t tag_at;
  const char *name;
  uint32_t source;
};

static struct engine engines[ENGINE_LIMIT];
static struct engine *engines_end = engines;
static const uint32_t *tags;

/* The words behind the waits of a command; NULL when one of them is not fulfilled. */
static const uint32_t *ready(const uint32_t *command) {
  const uint32_t *word = command + COMMAND_WAITS;
  const uint32_t *end = word + (command[COMMAND_COUNTS] & 0xFFFF);
  for (; word < end; word += 1) {
    if (engines[*word >> 24].completed < (*word & 0xFFFFFF)) return NULL;
  }
  return word;
}

static void set_tag(struct engine *engine, uint32_t tag) {
  engine->layer = plan_at(tags[tag - 1]);
  flecsim_tag(engine->layer);
}

/* Sets a waiting tag once the commands before it are done. */
static void update_tag(struct engine *engine) {
  if (engine->tag == 0 || engine->completed < engine->tag_at) return;
  set_tag(engine, engine->tag);
  engine->tag = 0;
}

/* Gives a device what it can hold. */
static void issue(struct engine *engine) {
  while (engine->issued - engine->completed < DEVICE_DEPTH && engine->issued < engine->total) {
    const uint32_t *command = engine->next;
    const uint32_t *word = ready(command);
    if (word == NULL) return;
    if (command[COMMAND_TAG] != 0) {
      engine->tag = command[COMMAND_TAG];
      engine->tag_at = engine->issued;
      update_tag(engine);
    }
    for (uint32_t groups = command[COMMAND_COUNTS] >> 16; groups > 0; groups -= 1) {
      uint32_t group = *word++;
      uintptr_t address = engine->base + (group & 0xFFFF);
      for (uint32_t values = group >> 16; values > 0; values -= 1) {
        mmio_write(address, *word++);
        address += 4;
      }
    }
    engine->next = command + command[COMMAND_WORDS];
    engine->issued += 1;
  }
}

void engines_issue(void) {
  for (struct engine *engine = engines + 1; engine < engines_end; engine += 1) issue(engine);
}

_Noreturn static void fail(const struct engine *engine, uint32_t status) {
  print(
      "error: layer %s, %s: command %u of %u, error code %u\n",
      engine->layer != NULL ? engine->layer : "?", engine->name, (unsigned)engine->completed,
      (unsigned)engine->total, (unsigned)(status >> STATUS_CODE_SHIFT & 0xFF));
  exit(1);
}

/* Asks a device what it has completed. DONE is cleared first: what ends afterwards sets it again.
 */
static void update(struct engine *engine) {
  mmio_write(engine->base + STATUS, STATUS_DONE);
  uint32_t status = mmio_read(engine->base + STATUS);
  engine->completed = engine->kind == ENGINE_DMA
                          ? engine->issued - (status >> STATUS_HELD_SHIFT & 0xFF)
                          : mmio_read(engine->base + JOBS) - engine->jobs;
  update_tag(engine);
  if (status & STATUS_ERROR) fail(engine, status);
}

static void interrupted(void *context) {
  update(context);
  engines_issue();
}

const uint32_t *engines_core_command(void) {
  struct engine *core = engines;
  if (core->issued == core->total || ready(core->next) == NULL) return NULL;
  const uint32_t *command = core->next;
  if (command[COMMAND_TAG] != 0) set_tag(core, command[COMMAND_TAG]);
  core->next = command + command[COMMAND_WORDS];
  core->issued += 1;
  return command;
}

void engines_core_completed(void) {
  engines->completed += 1;
  engines_issue();
}

bool engines_are_done(void) {
  for (struct engine *engine = engines; engine < engines_end; engine += 1) {
    if (engine->completed != engine->total) return false;
  }
  return true;
}

void engines_wait(void) {
  interrupt_wait();
#ifndef HAL_PLIC_BASE
  for (struct engine *engine = engines + 1; engine < engines_end; engine += 1) {
    if (engine->completed != engine->issued) interrupted(engine);
  }
#endif
}

void engines_open(const struct plan_header *plan) {
  if (plan->magic != PLAN_MAGIC || plan->version != PLAN_VERSION) {
    print(
        "error: no plan of version %u at %p, but %08x, version %u\n", PLAN_VERSION,
        (const void *)plan, (unsigned)plan->magic, (unsigned)plan->version);
    exit(1);
  }
  if (plan->engine_count == 0 || plan->engine_count > ENGINE_LIMIT) {
    print("error: the plan has %u engines\n", (unsigned)plan->engine_count);
    exit(1);
  }
  tags = plan_at(plan->tags);
  const struct plan_engine *record = plan_at(plan->engines);
  engines_end = engines + plan->engine_count;
  for (struct engine *engine = engines; engine < engines_end; engine += 1, record += 1) {
    *engine = (struct engine){
        .next = plan_at(record->commands),
        .total = record->command_count,
        .base = record->base,
        .kind = record->kind,
        .name = plan_at(record->name),
        .source = record->source,
    };
    if (engine->kind == ENGINE_CORE) continue;
    if (engine->kind == ENGINE_ACCELERATOR) engine->jobs = mmio_read(engine->base + JOBS);
    mmio_write(engine->base + STATUS, STATUS_DONE | STATUS_ERROR);
    interrupt_attach(engine->source, interrupted, engine);
  }
}
