/* stopwatch.c - a peripheral: counts the cycles of its clock, in units of `divider`, and interrupts
 * at a count.
 *
 * Timing: a read sees the cycles that passed since the one in which START was written. Nothing has
 * to happen in between, so the model sleeps and computes the count when it is asked.
 *
 *   register  offset  bytes  access  meaning
 *   CTRL      0x00    4      wo      bit 0 START: from 0; bit 1 STOP: keep the count
 *   STATUS    0x04    4      w1c     bit 0 RUNNING; bit 1 RUNG: the alarm came, write 2 to clear it
 *   COUNT     0x08    8      ro      units since START; also readable as two halves
 *   ALARM     0x10    4      rw      the count that interrupts; 0: none
 *
 * The interrupt is up while RUNG is set. */
#include <stdlib.h>

#include "flecsim_plugin.h"

enum { CTRL = 0x00, STATUS = 0x04, COUNT = 0x08, ALARM = 0x10 };
enum { START = 1, STOP = 2 };
enum { RUNNING = 1, RUNG = 2 };
enum { IDLE, COUNTING };

static const flecsim_parameter parameters[] = {
    {"divider", "Cycles per unit.", 1, 1000000, 1},
};
static const flecsim_register registers[] = {
    {"CTRL", "Bit 0: start from 0; bit 1: stop.", CTRL, 4, 1, FLECSIM_WRITE_ONLY},
    {"STATUS", "Bit 0: running; bit 1: the alarm came, write 1 to clear.", STATUS, 4, 1,
     FLECSIM_WRITE_ONE_TO_CLEAR},
    {"COUNT", "Units since the start.", COUNT, 8, 1, FLECSIM_READ_ONLY},
    {"ALARM", "The count that interrupts; 0: none.", ALARM, 4, 1, FLECSIM_READ_WRITE},
};
static const flecsim_counter counters[] = {
    {"starts", "start", "How often it was started.", NULL, NULL},
};
static const flecsim_state states[] = {
    {"idle", FLECSIM_IDLE, -1},
    {"counting", FLECSIM_ACTIVE, -1},
};

struct stopwatch {
  uint64_t divider, start, kept, alarm;
  int is_running, is_armed, has_rung;
};

static void *create(
    const flecsim_host *host, const int64_t *values, char *error, size_t error_bytes) {
  (void)host;
  (void)error;
  (void)error_bytes;
  struct stopwatch *this = calloc(1, sizeof *this);
  if (this != NULL) this->divider = (uint64_t)values[0];
  return this;
}

static uint64_t count(const struct stopwatch *this, uint64_t now) {
  return this->is_running ? (now - this->start) / this->divider : this->kept;
}

static void write_control(struct stopwatch *this, uint64_t value, flecsim_cycle *cycle) {
  if (value & STOP) {
    this->kept = count(this, cycle->cycle);
    this->is_running = 0;
  }
  if (value & START) {
    this->start = cycle->cycle;
    this->is_running = 1;
    this->is_armed = this->alarm != 0;
    cycle->counters[0] += 1;
  }
}

static void write_alarm(struct stopwatch *this, uint64_t value, uint64_t now) {
  this->alarm = (uint32_t)value;
  this->is_armed = this->alarm > count(this, now);
}

static uint32_t serve(struct stopwatch *this, flecsim_cycle *cycle) {
  flecsim_access *access = &cycle->access;
  uint64_t units = count(this, cycle->cycle);
  if (access->bytes == 8 && access->offset == COUNT && !access->write) {
    access->value = units;
    return 1;
  }
  if (access->bytes != 4) return 0;
  switch (access->offset) {
    case CTRL:
      if (access->write) write_control(this, access->value, cycle);
      return access->write;
    case STATUS:
      if (!access->write)
        access->value = (this->is_running ? RUNNING : 0) | (this->has_rung ? RUNG : 0);
      if (access->write && access->value & RUNG) this->has_rung = 0;
      return 1;
    case COUNT: access->value = (uint32_t)units; return !access->write;
    case COUNT + 4: access->value = units >> 32; return !access->write;
    case ALARM:
      if (!access->write)
        access->value = this->alarm;
      else
        write_alarm(this, access->value, cycle->cycle);
      return 1;
    default: return 0;
  }
}

static uint64_t tick(void *instance, flecsim_cycle *cycle) {
  struct stopwatch *this = instance;
  if (cycle->access.valid) cycle->access.okay = serve(this, cycle);
  uint64_t now = cycle->cycle;
  if (this->is_running && this->is_armed && count(this, now) >= this->alarm) {
    this->is_armed = 0;
    this->has_rung = 1;
  }
  cycle->interrupt = (uint32_t)this->has_rung;
  cycle->state = this->is_running ? COUNTING : IDLE;
  if (!this->is_running || !this->is_armed) return FLECSIM_SLEEP;
  return this->start + this->alarm * this->divider - now; /* calls in between do no harm */
}

static const flecsim_plugin plugin = {
    .abi = FLECSIM_PLUGIN_ABI,
    .struct_bytes = sizeof(flecsim_plugin),
    .category = FLECSIM_PERIPHERAL,
    .name = "Stopwatch",
    .summary = "Counts the cycles of its clock.",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof *parameters,
    .registers = registers,
    .register_count = sizeof registers / sizeof *registers,
    .counters = counters,
    .counter_count = sizeof counters / sizeof *counters,
    .states = states,
    .state_count = sizeof states / sizeof *states,
    .interrupts = 1,
    .create = create,
    .destroy = free,
    .tick = tick,
};

const flecsim_plugin *flecsim_plugin_entry(uint32_t abi) {
  return abi >= FLECSIM_PLUGIN_ABI ? &plugin : NULL;
}
