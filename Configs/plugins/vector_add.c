/* vector_add.c - an accelerator: adds two streams of 32-bit integers, element by element.
 *
 * What is modelled: `lanes` adders, a pipeline of `latency` stages, jobs of COUNT elements, an
 * interrupt at their end.
 * Timing: a beat of both inputs taken in cycle t is sent from cycle t + latency on; one beat per
 * cycle. The pipeline holds `latency` beats: when the output refuses, it fills up and the inputs
 * wait. The last beat of a job carries what is left and TLAST. Not modelled: queued jobs.
 *
 *   register  offset  access  meaning
 *   START     0x0     wo      write 1: begin a job; refused (SLVERR) while one runs or COUNT is 0
 *   STATUS    0x4     w1c     bit 0 BUSY: a job runs; bit 1 DONE: one ended, write 2 to clear it
 *   COUNT     0x8     rw      elements of the next job
 *
 * The interrupt is up while DONE is set. */
#include <stdlib.h>
#include <string.h>

#include "flecsim_plugin.h"

enum { PARAMETER_LANES, PARAMETER_LATENCY };
enum { PORT_A, PORT_B, PORT_SUM };
enum { REGISTER_START = 0, REGISTER_STATUS = 4, REGISTER_COUNT = 8 };
enum { BUSY = 1, DONE = 2 };
enum { IDLE, ADD, WAIT_A, WAIT_B, WAIT_SUM, DRAIN };
enum { ADDITIONS, STAGE_WRITES, JOBS };
enum { MOST_LANES = 16, MOST_STAGES = 64, ELEMENT_BYTES = 4 };

static const flecsim_parameter parameters[] = {
    {"lanes", "Adders, elements per beat.", 1, MOST_LANES, 4},
    {"latency", "Stages of the pipeline.", 1, MOST_STAGES, 3},
};
static const flecsim_port ports[] = {
    {"a", FLECSIM_INPUT, 0}, /* 0 bits: port_bits() says it */
    {"b", FLECSIM_INPUT, 0},
    {"sum", FLECSIM_OUTPUT, 0},
};
static const flecsim_register registers[] = {
    {"START", "Write 1 to begin a job.", REGISTER_START, 4, 1, FLECSIM_WRITE_ONLY},
    {"STATUS", "Bit 0: busy; bit 1: done, write 1 to clear.", REGISTER_STATUS, 4, 1,
     FLECSIM_WRITE_ONE_TO_CLEAR},
    {"COUNT", "Elements of the next job.", REGISTER_COUNT, 4, 1, FLECSIM_READ_WRITE},
};
static const flecsim_counter counters[] = {
    {"additions", "addition", "Elements added.", "adder", "add"},
    {"stage_writes", "write", "Elements that moved into a stage of the pipeline.", "stage_register",
     "write"},
    {"jobs", "job", "Jobs finished.", NULL, NULL},
};
static const flecsim_state states[] = {
    {"idle", FLECSIM_IDLE, -1},          {"add", FLECSIM_ACTIVE, -1}, /* a beat enters or leaves */
    {"wait-a", FLECSIM_WAITING, PORT_A}, /* reports name who should have sent */
    {"wait-b", FLECSIM_WAITING, PORT_B}, {"wait-sum", FLECSIM_WAITING, PORT_SUM},
    {"drain", FLECSIM_ACTIVE, -1}, /* all operands are in, results are on their way */
};

/* A beat on its way through the pipeline. */
struct beat {
  uint64_t ready; /* the first cycle in which it can leave */
  uint32_t elements;
  uint32_t last;
  int32_t values[MOST_LANES];
};

struct vector_add {
  uint32_t lanes, latency;
  uint32_t count;   /* register COUNT */
  uint32_t to_take; /* elements of the job that have not entered */
  uint32_t busy, done;
  uint32_t head, held;
  struct beat stages[MOST_STAGES];
};

static uint32_t port_bits(uint32_t port, const int64_t *values) {
  (void)port;
  return 8 * ELEMENT_BYTES * (uint32_t)values[PARAMETER_LANES];
}

static void *create(
    const flecsim_host *host, const int64_t *values, char *error, size_t error_bytes) {
  (void)error;
  (void)error_bytes;
  struct vector_add *this = calloc(1, sizeof *this);
  if (this == NULL) return NULL;
  this->lanes = (uint32_t)values[PARAMETER_LANES];
  this->latency = (uint32_t)values[PARAMETER_LATENCY];
  /* What it is built of, for area and energy; the counters above name these components. */
  const char *const width[] = {"width_bits"};
  const double bits[] = {8 * ELEMENT_BYTES};
  host->component(host->context, "adder", "adder", this->lanes, width, bits, 1);
  host->component(
      host->context, "stage_register", "register", (uint64_t)this->lanes * this->latency, width,
      bits, 1);
  return this;
}

/* 1: served; 0: refused, the core gets a bus error. */
static uint32_t serve(struct vector_add *this, flecsim_access *access) {
  if (access->bytes != 4) return 0;
  switch (access->offset) {
    case REGISTER_START:
      if (!access->write || this->busy || this->count == 0) return 0;
      if (access->value & 1) {
        this->busy = 1;
        this->to_take = this->count;
      }
      return 1;
    case REGISTER_STATUS:
      if (!access->write)
        access->value = (this->busy ? BUSY : 0) | (this->done ? DONE : 0);
      else if (access->value & DONE)
        this->done = 0;
      return 1;
    case REGISTER_COUNT:
      if (access->write)
        this->count = (uint32_t)access->value;
      else
        access->value = this->count;
      return 1;
    default: return 0;
  }
}

/* Sends the oldest beat if its time has come. */
static int send(struct vector_add *this, flecsim_cycle *cycle) {
  const struct beat *beat = &this->stages[this->head];
  flecsim_stream *sum = &cycle->streams[PORT_SUM];
  if (this->held == 0 || beat->ready > cycle->cycle || !sum->ready) return 0;
  memcpy(sum->data, beat->values, ELEMENT_BYTES * this->lanes);
  sum->kept = ELEMENT_BYTES * beat->elements;
  sum->last = beat->last;
  sum->valid = 1;
  if (beat->last) {
    this->busy = 0;
    this->done = 1;
    cycle->counters[JOBS] += 1;
  }
  this->head = (this->head + 1) % this->latency;
  this->held -= 1;
  return 1;
}

/* Takes a beat of each input and adds them, if all are there and the first stage is free. */
static int take(struct vector_add *this, flecsim_cycle *cycle) {
  flecsim_stream *a = &cycle->streams[PORT_A], *b = &cycle->streams[PORT_B];
  if (this->to_take == 0 || !a->valid || !b->valid || this->held == this->latency) return 0;
  a->ready = b->ready = 1;
  struct beat *beat = &this->stages[(this->head + this->held) % this->latency];
  *beat = (struct beat){.ready = cycle->cycle + this->latency};
  beat->elements = this->to_take < this->lanes ? this->to_take : this->lanes;
  for (uint32_t lane = 0; lane < beat->elements; lane += 1) {
    uint32_t left, right;
    memcpy(&left, a->data + ELEMENT_BYTES * lane, sizeof left);
    memcpy(&right, b->data + ELEMENT_BYTES * lane, sizeof right);
    beat->values[lane] = (int32_t)(left + right);
  }
  this->held += 1;
  this->to_take -= beat->elements;
  beat->last = this->to_take == 0;
  cycle->counters[ADDITIONS] += beat->elements;
  cycle->counters[STAGE_WRITES] += (uint64_t)beat->elements * this->latency;
  return 1;
}

static uint32_t state(const struct vector_add *this, const flecsim_cycle *cycle, int moved) {
  if (moved) return ADD;
  if (this->held == this->latency && this->stages[this->head].ready <= cycle->cycle)
    return WAIT_SUM;
  if (this->to_take > 0 && !cycle->streams[PORT_A].valid) return WAIT_A;
  if (this->to_take > 0 && !cycle->streams[PORT_B].valid) return WAIT_B;
  if (this->held == 0) return IDLE;
  return this->stages[this->head].ready > cycle->cycle ? DRAIN : WAIT_SUM;
}

static uint64_t tick(void *instance, flecsim_cycle *cycle) {
  struct vector_add *this = instance;
  if (cycle->access.valid) cycle->access.okay = serve(this, &cycle->access);
  int sent = send(this, cycle); /* frees a stage, so that one can enter in the same cycle */
  int taken = take(this, cycle);
  cycle->state = state(this, cycle, sent || taken);
  cycle->interrupt = this->done;
  /* A beat that came or went wakes us anyway. What only time brings is the oldest beat's turn. */
  if (sent || taken) return FLECSIM_NEXT_CYCLE;
  if (this->held > 0 && this->stages[this->head].ready > cycle->cycle) {
    return this->stages[this->head].ready - cycle->cycle;
  }
  return FLECSIM_SLEEP;
}

static const flecsim_plugin plugin = {
    .abi = FLECSIM_PLUGIN_ABI,
    .struct_bytes = sizeof(flecsim_plugin),
    .category = FLECSIM_ACCELERATOR,
    .name = "VectorAdd",
    .summary = "Adds two streams of 32-bit integers.",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof *parameters,
    .ports = ports,
    .port_count = sizeof ports / sizeof *ports,
    .registers = registers,
    .register_count = sizeof registers / sizeof *registers,
    .counters = counters,
    .counter_count = sizeof counters / sizeof *counters,
    .states = states,
    .state_count = sizeof states / sizeof *states,
    .interrupts = 1,
    .port_bits = port_bits,
    .create = create,
    .destroy = free,
    .tick = tick,
};

const flecsim_plugin *flecsim_plugin_entry(uint32_t abi) {
  return abi >= FLECSIM_PLUGIN_ABI ? &plugin : NULL;
}
