// Records what RISC-V floating-point instructions give, executed by an outside implementation.
// How to build and run it: README.md beside this file. Formats of the output: likewise.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t (*instruction)(uint64_t a, uint64_t b, uint64_t c);

// Operands and results go through integer registers, so that the compiler has no part in it.
#define INSTRUCTION(function, text, ...)                                       \
  static uint64_t function(uint64_t a, uint64_t b, uint64_t c) {               \
    uint64_t r;                                                                \
    __asm__ volatile(text                                                      \
                     : "=&r"(r)                                                \
                     : "r"(a), "r"(b), "r"(c)                                  \
                     : "ft0", "ft1", "ft2", "ft3");                            \
    return r;                                                                  \
  }

#define IN1(w) "fmv." w ".x ft0, %1\n"
#define IN2(w) IN1(w) "fmv." w ".x ft1, %2\n"
#define IN3(w) IN2(w) "fmv." w ".x ft2, %3\n"
#define OUT(w) "\nfmv.x." w " %0, ft3\n"

#define FORMAT(s, w)                                                           \
  INSTRUCTION(fadd_##s, IN2(w) "fadd." #s " ft3, ft0, ft1" OUT(w))             \
  INSTRUCTION(fsub_##s, IN2(w) "fsub." #s " ft3, ft0, ft1" OUT(w))             \
  INSTRUCTION(fmul_##s, IN2(w) "fmul." #s " ft3, ft0, ft1" OUT(w))             \
  INSTRUCTION(fdiv_##s, IN2(w) "fdiv." #s " ft3, ft0, ft1" OUT(w))             \
  INSTRUCTION(fsqrt_##s, IN1(w) "fsqrt." #s " ft3, ft0" OUT(w))                \
  INSTRUCTION(fmadd_##s, IN3(w) "fmadd." #s " ft3, ft0, ft1, ft2" OUT(w))      \
  INSTRUCTION(fmin_##s, IN2(w) "fmin." #s " ft3, ft0, ft1" OUT(w))             \
  INSTRUCTION(fmax_##s, IN2(w) "fmax." #s " ft3, ft0, ft1" OUT(w))             \
  INSTRUCTION(feq_##s, IN2(w) "feq." #s " %0, ft0, ft1")                       \
  INSTRUCTION(flt_##s, IN2(w) "flt." #s " %0, ft0, ft1")                       \
  INSTRUCTION(fle_##s, IN2(w) "fle." #s " %0, ft0, ft1")                       \
  INSTRUCTION(fclass_##s, IN1(w) "fclass." #s " %0, ft0")                      \
  INSTRUCTION(fcvt_w_##s, IN1(w) "fcvt.w." #s " %0, ft0, dyn")                 \
  INSTRUCTION(fcvt_wu_##s, IN1(w) "fcvt.wu." #s " %0, ft0, dyn")               \
  INSTRUCTION(fcvt_l_##s, IN1(w) "fcvt.l." #s " %0, ft0, dyn")                 \
  INSTRUCTION(fcvt_lu_##s, IN1(w) "fcvt.lu." #s " %0, ft0, dyn")               \
  INSTRUCTION(fcvt_##s##_w, "fcvt." #s ".w ft3, %1" OUT(w))                    \
  INSTRUCTION(fcvt_##s##_wu, "fcvt." #s ".wu ft3, %1" OUT(w))                  \
  INSTRUCTION(fcvt_##s##_l, "fcvt." #s ".l ft3, %1" OUT(w))                    \
  INSTRUCTION(fcvt_##s##_lu, "fcvt." #s ".lu ft3, %1" OUT(w))

FORMAT(s, "w")
FORMAT(d, "d")
INSTRUCTION(fcvt_s_d, IN1("d") "fcvt.s.d ft3, ft0" OUT("w"))
INSTRUCTION(fcvt_d_s, IN1("w") "fcvt.d.s ft3, ft0" OUT("d"))

// Types of operands and results: single, double, integer.
typedef struct {
  const char *name;
  instruction run;
  char operand;
  char result;
  int arity;
  int rounds;
} operation;

#define ROWS(s, type)                                                          \
  {"fadd." #s, fadd_##s, type, type, 2, 1},                                    \
  {"fsub." #s, fsub_##s, type, type, 2, 1},                                    \
  {"fmul." #s, fmul_##s, type, type, 2, 1},                                    \
  {"fdiv." #s, fdiv_##s, type, type, 2, 1},                                    \
  {"fsqrt." #s, fsqrt_##s, type, type, 1, 1},                                  \
  {"fmadd." #s, fmadd_##s, type, type, 3, 1},                                  \
  {"fmin." #s, fmin_##s, type, type, 2, 0},                                    \
  {"fmax." #s, fmax_##s, type, type, 2, 0},                                    \
  {"feq." #s, feq_##s, type, 'i', 2, 0},                                       \
  {"flt." #s, flt_##s, type, 'i', 2, 0},                                       \
  {"fle." #s, fle_##s, type, 'i', 2, 0},                                       \
  {"fclass." #s, fclass_##s, type, 'i', 1, 0},                                 \
  {"fcvt.w." #s, fcvt_w_##s, type, 'i', 1, 1},                                 \
  {"fcvt.wu." #s, fcvt_wu_##s, type, 'i', 1, 1},                               \
  {"fcvt.l." #s, fcvt_l_##s, type, 'i', 1, 1},                                 \
  {"fcvt.lu." #s, fcvt_lu_##s, type, 'i', 1, 1},                               \
  {"fcvt." #s ".w", fcvt_##s##_w, 'i', type, 1, 1},                            \
  {"fcvt." #s ".wu", fcvt_##s##_wu, 'i', type, 1, 1},                          \
  {"fcvt." #s ".l", fcvt_##s##_l, 'i', type, 1, 1},                            \
  {"fcvt." #s ".lu", fcvt_##s##_lu, 'i', type, 1, 1}

static const operation operations[] = {
    ROWS(s, 's'),
    ROWS(d, 'd'),
    {"fcvt.s.d", fcvt_s_d, 'd', 's', 1, 1},
    {"fcvt.d.s", fcvt_d_s, 's', 'd', 1, 1},
};
enum { operation_count = sizeof operations / sizeof *operations };

// Executes one instruction: its result, and the flags it raised in `flags`.
static uint64_t execute(const operation *op, int rm, const uint64_t x[3],
                        unsigned *flags) {
  uint64_t accrued;
  __asm__ volatile("fsrm %0\n fsflags zero" : : "r"(rm) : "memory");
  uint64_t result = op->run(x[0], x[1], x[2]);
  __asm__ volatile("frflags %0" : "=r"(accrued) : : "memory");
  *flags = (unsigned)accrued;
  return op->result == 's' ? (uint32_t)result : result;
}

// Corner operands.

enum { corner_limit = 128 };
typedef struct {
  uint64_t value[corner_limit];
  int count;
} corners;

static void append(corners *list, uint64_t value) {
  list->value[list->count++] = value;
}

static corners float_corners(int exponent_bits, int fraction_bits) {
  corners list = {.count = 0};
  const uint64_t one_ulp = 1, hidden = 1ull << fraction_bits;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const uint64_t infinity = (uint64_t)(2 * bias + 1) << fraction_bits;
  const uint64_t sign = hidden << exponent_bits;
#define POWER(e) ((uint64_t)((e) + bias) << fraction_bits)
  const uint64_t magnitudes[] = {
      0, one_ulp, hidden, POWER(0), infinity - 1, infinity,
      infinity | hidden >> 1, infinity | 1,
      // Subnormal numbers and the threshold to normal ones.
      2, 3, hidden >> 1, hidden - 1, hidden + 1, 2 * hidden - 1, 2 * hidden,
      // Around one, halfway cases of additions to one.
      POWER(0) - 1, POWER(0) + 1, POWER(0) + hidden / 2, POWER(1), POWER(-1),
      POWER(-1) - 1, POWER(-1) + 1, POWER(-fraction_bits),
      POWER(-fraction_bits - 1), POWER(-fraction_bits - 1) + 1,
      POWER(-fraction_bits - 2),
      // Halfway cases of conversions to integers: 1.5 is above, 2.5, 3.5.
      POWER(1) + hidden / 4, POWER(1) + hidden / 4 * 3,
      // Limits of integer formats and of exactness.
      POWER(31), POWER(31) - 1, POWER(32), POWER(32) - 1, POWER(63),
      POWER(63) - 1, POWER(64), POWER(64) - 1, POWER(fraction_bits),
      POWER(fraction_bits + 1) - 1, POWER(30) + hidden - 3,
      // Overflow and underflow thresholds of products and quotients.
      POWER(bias), infinity - 2, POWER(bias / 2), POWER(bias / 2 + 1),
      POWER(-bias / 2), POWER(-bias / 2 - fraction_bits), POWER(-bias / 2) + 1,
      // NaNs with payloads.
      infinity | hidden >> 1 | 5, infinity | hidden >> 2,
  };
#undef POWER
  for (unsigned i = 0; i < sizeof magnitudes / sizeof *magnitudes; i++) {
    append(&list, magnitudes[i]);
    append(&list, magnitudes[i] | sign);
  }
  return list;
}

static corners corner_list(char type) {
  if (type == 's') return float_corners(8, 23);
  if (type == 'd') return float_corners(11, 52);
  corners list = {.count = 0};
  const int powers[] = {0, 1, 8, 23, 24, 25, 30, 31, 32, 52, 53, 54, 62, 63};
  append(&list, 0);
  for (unsigned i = 0; i < sizeof powers / sizeof *powers; i++) {
    const uint64_t power = 1ull << powers[i];
    append(&list, power);
    append(&list, power + 1);
    append(&list, power - 1);
    append(&list, 0 - power);
    append(&list, ~power);
  }
  append(&list, 0x5555555555555555);
  append(&list, 0xfffffffffffffbff);  // ties of the largest exponent
  append(&list, 0xffffff7fffffffff);
  append(&list, 0xffffff8000000000);
  append(&list, 0x123456789abcdef0);
  return list;
}

// Random operands. SplitMix64; the test has the same.

static uint64_t random_state;

static uint64_t random_bits(void) {
  uint64_t z = random_state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

// One operand in eight is a corner, one is any encoding; of the others half have few digits, ones
// or zeros at the end, and three quarters have an exponent near one.
static uint64_t random_operand(char type, const corners *list) {
  const uint64_t kind = random_bits(), bits = random_bits();
  if (kind % 8 == 0) return list->value[kind / 8 % (unsigned)list->count];
  if (type == 'i') return (bits >> kind / 8 % 64) ^ (0 - (kind >> 16 & 1));
  if (kind % 8 == 1) return type == 's' ? (uint32_t)bits : bits;
  const int fraction_bits = type == 's' ? 23 : 52;
  const int exponent_bits = type == 's' ? 8 : 11;
  const uint64_t bias = (1ull << (exponent_bits - 1)) - 1;
  const uint64_t fraction_mask = (1ull << fraction_bits) - 1;
  uint64_t fraction = bits & fraction_mask;
  const uint64_t tail = (1ull << (kind >> 8) % (unsigned)(fraction_bits + 1)) - 1;
  if (kind >> 16 & 1) fraction = kind >> 17 & 1 ? fraction | tail : fraction & ~tail;
  uint64_t exponent = (kind >> 24) % (2 * bias + 1);
  if (kind >> 18 & 3) exponent = bias - 32 + (kind >> 24) % 64;
  return bits >> 63 << (fraction_bits + exponent_bits) |
         exponent << fraction_bits | fraction;
}

// Digest of results and flags: FNV-1a on 64-bit words.

static uint64_t digest_of(uint64_t digest, uint64_t result, unsigned flags) {
  digest = (digest ^ result) * 0x100000001b3;
  return (digest ^ flags) * 0x100000001b3;
}

// One line: operands, then result/flags of the five modes, or of the only one if all are equal.
static void print_vector(const operation *op, const uint64_t x[3]) {
  uint64_t results[5];
  unsigned flags[5];
  int same = 1;
  for (int rm = 0; rm < 5; rm++) {
    results[rm] = execute(op, rm, x, &flags[rm]);
    same &= results[rm] == results[0] && flags[rm] == flags[0];
  }
  for (int i = 0; i < op->arity; i++) printf("%" PRIx64 " ", x[i]);
  printf("=");
  for (int rm = 0; rm < (same ? 1 : 5); rm++) {
    printf(" %" PRIx64 "/%x", results[rm], flags[rm]);
  }
  printf("\n");
}

// What a vector shows: the classes of its operands (coarser for three of them), the flags in every
// mode, and which modes agree with each other.
static uint64_t behaviour(const operation *op, const uint64_t x[3]) {
  uint64_t seen = 0xcbf29ce484222325, results[5];
  unsigned flags;
  for (int rm = 0; rm < 5; rm++) {
    results[rm] = execute(op, rm, x, &flags);
    int agrees = 0;
    while (results[agrees] != results[rm]) agrees++;
    seen = digest_of(seen, (uint64_t)agrees, flags);
  }
  for (int i = 0; i < op->arity && op->operand != 'i'; i++) {
    uint64_t class = op->operand == 's' ? fclass_s(x[i], 0, 0) : fclass_d(x[i], 0, 0);
    if (op->arity == 3) {
      // Bits 0 to 7 mirrored: the sign does not count; nor does the difference of normal and
      // subnormal numbers.
      class = class & 0x81 ? 1 : class & 0x66 ? 2 : class & 0x18 ? 3 : class;
    }
    seen = digest_of(seen, class, 0);
  }
  return seen;
}

// The first vector that shows each behaviour, of all combinations of corner operands.
static void print_vectors(void) {
  enum { limit = 1 << 16 };
  static uint64_t known[limit];
  for (int i = 0; i < operation_count; i++) {
    const operation *op = &operations[i];
    const corners list = corner_list(op->operand);
    const int n = list.count;
    int count = 0;
    printf("%s\n", op->name);
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < (op->arity > 1 ? n : 1); b++) {
        for (int c = 0; c < (op->arity > 2 ? n : 1); c++) {
          const uint64_t x[3] = {list.value[a], list.value[b], list.value[c]};
          const uint64_t seen = behaviour(op, x);
          int k = 0;
          while (k < count && known[k] != seen) k++;
          if (k < count) continue;
          if (count < limit) known[count++] = seen;
          print_vector(op, x);
        }
      }
    }
  }
}

static void print_digests(uint64_t seed, uint64_t count) {
  for (int i = 0; i < operation_count; i++) {
    const operation *op = &operations[i];
    const corners list = corner_list(op->operand);
    const int n = list.count;
    for (int rm = 0; rm < (op->rounds ? 5 : 1); rm++) {
      unsigned flags;
      // All pairs of corners; the third of three operands is another corner.
      uint64_t corner_digest = 0xcbf29ce484222325;
      for (int a = 0; a < n; a++) {
        for (int b = 0; b < (op->arity > 1 ? n : 1); b++) {
          const uint64_t x[3] = {list.value[a], list.value[b], list.value[(a * 7 + b) % n]};
          const uint64_t result = execute(op, rm, x, &flags);
          corner_digest = digest_of(corner_digest, result, flags);
        }
      }
      uint64_t random_digest = 0xcbf29ce484222325;
      random_state = seed;
      for (uint64_t k = 0; k < count; k++) {
        uint64_t x[3] = {0, 0, 0};
        for (int j = 0; j < op->arity; j++) {
          x[j] = random_operand(op->operand, &list);
        }
        const uint64_t result = execute(op, rm, x, &flags);
        random_digest = digest_of(random_digest, result, flags);
      }
      printf("%s %d %016" PRIx64 " %016" PRIx64 "\n", op->name, rm,
             corner_digest, random_digest);
    }
  }
}

static void print_corners(void) {
  for (const char *type = "sdi"; *type; type++) {
    const corners list = corner_list(*type);
    printf("corners %c", *type);
    for (int i = 0; i < list.count; i++) printf(" %" PRIx64, list.value[i]);
    printf("\n");
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "vectors")) {
    print_vectors();
  } else if (argc == 4 && !strcmp(argv[1], "digests")) {
    const uint64_t seed = strtoull(argv[2], 0, 0), count = strtoull(argv[3], 0, 0);
    print_corners();
    printf("random %" PRIx64 " %" PRIu64 "\n", seed, count);
    print_digests(seed, count);
  } else {
    fprintf(stderr, "usage: float-vectors vectors | digests SEED COUNT\n");
    return 1;
  }
  return 0;
}
