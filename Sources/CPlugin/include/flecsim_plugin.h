/* flecsim_plugin.h - how a shared library adds an accelerator, a peripheral or a memory to FLECSim.
 *
 * A plug-in is a shared library that exports one function, flecsim_plugin_entry, which returns a
 * description of a kind of module: its parameters, stream ports, registers, counters, classes of
 * cycles and the functions that create an instance and run a clock cycle of it. Everything crosses
 * this header as plain C data; no symbol of the tool is needed to link.
 *
 * The rule of time. What tick() reads is what other modules did in earlier cycles; what it writes
 * is seen by others in later cycles, never in the same one. A stream is a queue of two beats between
 * two modules, so one beat per cycle can pass.
 *
 * A file named .c, .cc or .cpp in the SoC file is compiled by the tool, with -g -O2 -Wall; it is one
 * file. For more of them, compile yourself and name the library:
 *
 *   cc -std=c11 -O2 -shared -fPIC -I FLECSIM/Sources/CPlugin/include -o mine.so *.c
 *
 * Version 1. Later versions of this header keep this one working: structures only grow at their end,
 * and every plug-in says which version and which size it was compiled with.
 */
#ifndef FLECSIM_PLUGIN_H
#define FLECSIM_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. */
#define FLECSIM_PLUGIN_ABI 1u

/* What a kind of module is. */
#define FLECSIM_ACCELERATOR 1u /* stream ports, registers, interrupt */
#define FLECSIM_PERIPHERAL 2u  /* registers, interrupt */
#define FLECSIM_MEMORY 3u      /* the timing of a memory; the bytes are kept by the tool */

/* Which way data flows through a stream port, seen from the module. */
#define FLECSIM_INPUT 0u
#define FLECSIM_OUTPUT 1u

/* An integer that the SoC file gives under "parameters". */
typedef struct flecsim_parameter {
  const char *name;
  const char *help;   /* one sentence */
  int64_t minimum;
  int64_t maximum;
  int64_t standard;   /* the value when the file gives none; below minimum: the file must give one */
} flecsim_parameter;

/* A stream port (AXI4-Stream). */
typedef struct flecsim_port {
  const char *name;
  uint32_t direction; /* FLECSIM_INPUT or FLECSIM_OUTPUT */
  uint32_t bits;      /* bits of a beat, a multiple of 8; 0: port_bits() says it */
} flecsim_port;

/* What software may do with a register. */
#define FLECSIM_READ_WRITE 0u
#define FLECSIM_READ_ONLY 1u
#define FLECSIM_WRITE_ONLY 2u
#define FLECSIM_WRITE_ONE_TO_CLEAR 3u

/* A register, for the C header of firmware and for listings; the model answers accesses itself.
 *
 * Firmware finds the registers of a kind MaxPool in maxpool_registers.h: MAXPOOL_CTRL is an offset; of
 * a row (count above 1) MAXPOOL_WEIGHT(i) is the offset of register i and MAXPOOL_WEIGHT_COUNT how
 * many there are. No two macros may be equal, MAXPOOL_WINDOW_BYTES among them. */
typedef struct flecsim_register {
  const char *name;   /* capitals, for example "CTRL" */
  const char *help;   /* one sentence */
  uint32_t offset;    /* byte offset in the module's window */
  uint32_t bytes;     /* 1, 2, 4 or 8 */
  uint32_t count;     /* how many equal ones follow one another, usually 1; more: a macro NAME(i) */
  uint32_t access;    /* FLECSIM_READ_WRITE, ... */
} flecsim_register;

/* Something that is counted; its place in the list is its index in flecsim_cycle.counters. With
 * component and action NULL it costs no energy and is only listed (csv-counters, registry.json). */
typedef struct flecsim_counter {
  const char *name;      /* for example "additions" */
  const char *unit;      /* for example "addition" */
  const char *help;      /* one sentence */
  const char *component; /* the component whose energy a count costs, or NULL */
  const char *action;    /* the action of that component's class, or NULL */
} flecsim_counter;

/* Which cycles a class of cycles holds. */
#define FLECSIM_IDLE 0u
#define FLECSIM_ACTIVE 1u
#define FLECSIM_WAITING 2u

/* A class of cycles: every cycle belongs to exactly one. The first one must be FLECSIM_IDLE. */
typedef struct flecsim_state {
  const char *name;   /* for example "wait-in" */
  uint32_t type;      /* FLECSIM_IDLE, FLECSIM_ACTIVE or FLECSIM_WAITING */
  int32_t port;       /* FLECSIM_WAITING: index of the stream port whose partner is waited for; else -1 */
} flecsim_state;

/* A stream port in a cycle.
 *
 * Input:  the tool sets valid, kept, last and data; set ready to take the beat. Never write valid.
 * Output: the tool sets ready; while it is set, fill data, kept and last and set valid to send. Never
 *         write ready. Valid while ready is 0 sends nothing and is not reported: the tool keeps no
 *         beat, so offer it again in a later cycle.
 * When tick() is called, ready of inputs, valid and last of outputs are 0, kept of outputs is the
 * port's bytes. A beat of kept 0 is allowed and moves nothing. */
typedef struct flecsim_stream {
  uint32_t valid;
  uint32_t ready;
  uint32_t kept;      /* bytes that count, always the lowest ones */
  uint32_t last;      /* whether the beat ends a packet */
  uint8_t *data;      /* the beat's bytes, as many as the port is wide; valid during tick() only */
} flecsim_stream;

/* A register access in a cycle: at most one, and it must be answered in this very cycle. */
typedef struct flecsim_access {
  uint32_t valid;     /* whether there is an access */
  uint32_t write;     /* whether it writes */
  uint32_t bytes;     /* 1 to 8 */
  uint32_t okay;      /* set to 0 by the tool; set it to 1 unless the access is to be refused (SLVERR) */
  uint64_t offset;    /* byte offset in the module's window */
  uint64_t value;     /* what is written; or set it to what is read */
} flecsim_access;

/* What tick() sees and does. */
typedef struct flecsim_cycle {
  uint64_t cycle;           /* cycles of the module's clock since the start */
  flecsim_stream *streams;  /* in the order of the ports */
  flecsim_access access;
  uint32_t interrupt;       /* the interrupt's level; stays until changed */
  uint32_t state;           /* index of the class this cycle belongs to; stays until changed */
  uint64_t *counters;       /* totals, in the order of the counters; add to them */
} flecsim_cycle;

/* What tick() returns: how many cycles later it wants to be called again, or FLECSIM_SLEEP until a
 * stream or a register access brings something. It may be called earlier than it asked for. A model
 * that never sleeps hides deadlocks, since something is always scheduled. */
#define FLECSIM_NEXT_CYCLE UINT64_C(1)
#define FLECSIM_SLEEP UINT64_C(0)

/* An access to one bus word of a memory. */
typedef struct flecsim_memory_access {
  uint64_t cycle;     /* now */
  uint64_t word;      /* number of the bus word, from the start of the memory */
  uint32_t bits;      /* data bits that move */
  uint32_t write;     /* whether it writes */
  uint64_t until;     /* set it: started: first cycle in which data or answer can leave (>= cycle);
                         refused: first cycle in which asking again makes sense (> cycle) */
} flecsim_memory_access;

/* Functions of the tool that create() may call. */
typedef struct flecsim_host {
  uint32_t struct_bytes;
  void *context;      /* pass it back */
  /* Declares a physical component for area and energy: its class in the energy table, how many there
   * are, and attribute names with values (both of length count). Sources/Energy/README.md lists
   * classes, actions and attributes; one that the table lacks ends the run before it begins. */
  void (*component)(void *context, const char *name, const char *component_class, uint64_t quantity,
                    const char *const *attributes, const double *values, uint32_t count);
} flecsim_host;

/* A kind of module. */
typedef struct flecsim_plugin {
  uint32_t abi;              /* FLECSIM_PLUGIN_ABI */
  uint32_t struct_bytes;     /* sizeof(flecsim_plugin) */
  uint32_t category;         /* FLECSIM_ACCELERATOR, ... */
  uint32_t window_bytes;     /* size of the register window: a power of two from 4096 on; 0: 4096 */
  const char *name;          /* the kind, for example "VectorAdd" */
  const char *summary;       /* one line */

  const flecsim_parameter *parameters;
  const flecsim_port *ports;
  const flecsim_register *registers;
  const flecsim_counter *counters;
  const flecsim_state *states;
  uint32_t parameter_count;
  uint32_t port_count;
  uint32_t register_count;
  uint32_t counter_count;
  uint32_t state_count;
  uint32_t interrupts;       /* 1: the module has an interrupt line */

  /* Bits of port `port` for these parameters (in the order of the list). NULL: ports[].bits holds. */
  uint32_t (*port_bits)(uint32_t port, const int64_t *parameters);
  /* Makes an instance in the state after reset. On failure returns NULL and writes a sentence into
   * `error`. */
  void *(*create)(const flecsim_host *host, const int64_t *parameters, char *error, size_t error_bytes);
  void (*destroy)(void *instance);
  /* Accelerators and peripherals: one clock cycle. */
  uint64_t (*tick)(void *instance, flecsim_cycle *cycle);
  /* Memories: may `access` start now? 1: it starts; 0: not now. Called at most once per port and
   * cycle; a refused access is asked again. */
  int (*access)(void *instance, flecsim_memory_access *access);
} flecsim_plugin;

/* What the library exports. `abi` is the version of the tool; the result lives as long as the
 * library is loaded. */
#if defined(_WIN32)
#define FLECSIM_EXPORT __declspec(dllexport)
#else
#define FLECSIM_EXPORT __attribute__((visibility("default")))
#endif
FLECSIM_EXPORT const flecsim_plugin *flecsim_plugin_entry(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif /* FLECSIM_PLUGIN_H */
