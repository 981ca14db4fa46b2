/* C = A * B in int8 with int32 results, cut into tiles for the systolic array of the system, and
 * compared with the core's own result.
 *
 * Three DMA channels run whole chains of tiles by themselves; the core only starts one array job
 * per tile. The next job is queued while the one before it still drains, so that tiles overlap.
 *
 * Ends with exit code 0 when all elements are right and 1 when one is not. */
#include "hal.h"

enum { M = GEMM_M, N = GEMM_N, K = GEMM_K };
enum { ROWS = SOC_ARRAY_YDIM, COLUMNS = SOC_ARRAY_XDIM };

static struct dma dma_a = DMA_DEVICE(DMA_A);
static struct dma dma_b = DMA_DEVICE(DMA_B);
static struct dma dma_out = DMA_DEVICE(DMA_OUT);
static struct systolic array = SYSTOLIC_DEVICE(ARRAY);

/* Rows start at multiples of 8 bytes, so that a beat of 8 operands lies in one word of the 128-bit
 * bus. */
#define PITCH(elements) (((elements) + 7) / 8 * 8)

static _Alignas(16) int8_t b[K][PITCH(N)];
static _Alignas(16) int32_t c[M][N];
static int32_t expected[M][N];

static uint32_t least(uint32_t one, uint32_t other) { return one < other ? one : other; }

static int8_t random_operand(void) {
  static uint32_t random = 7;
  random = random * 1664525 + 1013904223;
  return (int8_t)(random >> 24);
}

/* How many full tiles there are, and how many elements are left over. */
struct split {
  uint32_t full_tiles, rest;
};

static struct split split(uint32_t total, uint32_t side) {
  return (struct split){total / side, total % side};
}

#ifdef SOC_ARRAY_IS_OSARRAY

/* The array keeps a tile of C and takes a column of A and a row of B per step: A is stored column
 * by column. */
static _Alignas(16) int8_t a[K][PITCH(M)];
static int8_t *a_element(int m, int k) { return &a[k][m]; }

enum { STRIPS = (M + ROWS - 1) / ROWS };

static struct dma_descriptor a_chain[STRIPS];
static struct dma_descriptor b_chain[2 * STRIPS];
static struct dma_descriptor c_chain[2 * STRIPS];

/* Per strip of ROWS rows of C: the strip of A once per tile, all of B, and the strip of C. */
static void describe(void) {
  struct split across = split(N, COLUMNS);
  uint32_t tiles = across.full_tiles + (across.rest > 0);
  unsigned pieces = 0;
  for (uint32_t strip = 0; strip < STRIPS; strip += 1) {
    uint32_t first = strip * ROWS;
    uint32_t rows = least(ROWS, M - first);
    dma_describe(&a_chain[strip], &a[0][first], 1, rows);
    dma_repeat(&a_chain[strip], 1, K, sizeof a[0]);
    dma_repeat(&a_chain[strip], 2, tiles, 0);
    dma_align_rows(&a_chain[strip]);
    for (int part = 0; part < 2; part += 1) {
      uint32_t column = part == 0 ? 0 : across.full_tiles * COLUMNS;
      uint32_t columns = part == 0 ? COLUMNS : across.rest;
      uint32_t count = part == 0 ? across.full_tiles : 1;
      if (columns == 0 || count == 0) continue;
      dma_describe(&b_chain[pieces], &b[0][column], 1, columns);
      dma_repeat(&b_chain[pieces], 1, K, sizeof b[0]);
      dma_repeat(&b_chain[pieces], 2, count, COLUMNS);
      dma_align_rows(&b_chain[pieces]);
      dma_describe(&c_chain[pieces], &c[first][column], 4, columns);
      dma_repeat(&c_chain[pieces], 1, rows, 4 * N);
      dma_repeat(&c_chain[pieces], 2, count, 4 * COLUMNS);
      pieces += 1;
    }
  }
  dma_link_all(a_chain, STRIPS);
  dma_link_all(b_chain, pieces);
  dma_link_all(c_chain, pieces);
}

static void multiply(void) {
  struct systolic_job job = {.k = K, .flags = SYSTOLIC_FLAGS_OUTPUT};
  for (uint32_t row = 0; row < M; row += ROWS) {
    for (uint32_t column = 0; column < N; column += COLUMNS) {
      uint32_t rows = least(ROWS, M - row);
      uint32_t columns = least(COLUMNS, N - column);
      if (rows != job.m || columns != job.n) {
        job.m = rows;
        job.n = columns;
        systolic_configure(&array, &job);
      }
      systolic_start(&array);
    }
  }
}

#else

/* The array keeps a tile of B and takes a piece of a row of A per step: A is stored row by row. */
static _Alignas(16) int8_t a[M][PITCH(K)];
static int8_t *a_element(int m, int k) { return &a[m][k]; }

enum { STRIPS = (N + COLUMNS - 1) / COLUMNS };
_Static_assert(M <= SOC_ARRAY_ACC_ROWS, "the accumulator buffer holds all rows of C");

static struct dma_descriptor a_chain[2 * STRIPS];
static struct dma_descriptor b_chain[STRIPS];
static struct dma_descriptor c_chain[STRIPS];

/* Per strip of COLUMNS columns of C: all of A in pieces of ROWS columns, the strip of B, the strip
 * of C. */
static void describe(void) {
  struct split depth = split(K, ROWS);
  unsigned pieces = 0;
  for (uint32_t strip = 0; strip < STRIPS; strip += 1) {
    uint32_t first = strip * COLUMNS;
    uint32_t columns = least(COLUMNS, N - first);
    dma_describe(&b_chain[strip], &b[0][first], 1, columns);
    dma_repeat(&b_chain[strip], 1, K, sizeof b[0]);
    dma_align_rows(&b_chain[strip]);
    dma_describe(&c_chain[strip], &c[0][first], 4, columns);
    dma_repeat(&c_chain[strip], 1, M, 4 * N);
    for (int part = 0; part < 2; part += 1) {
      uint32_t start = part == 0 ? 0 : depth.full_tiles * ROWS;
      uint32_t length = part == 0 ? ROWS : depth.rest;
      uint32_t count = part == 0 ? depth.full_tiles : 1;
      if (length == 0 || count == 0) continue;
      dma_describe(&a_chain[pieces], &a[0][start], 1, length);
      dma_repeat(&a_chain[pieces], 1, M, sizeof a[0]);
      dma_repeat(&a_chain[pieces], 2, count, ROWS);
      dma_align_rows(&a_chain[pieces]);
      pieces += 1;
    }
  }
  dma_link_all(a_chain, pieces);
  dma_link_all(b_chain, STRIPS);
  dma_link_all(c_chain, STRIPS);
}

static void multiply(void) {
  for (uint32_t column = 0; column < N; column += COLUMNS) {
    for (uint32_t start = 0; start < K; start += ROWS) {
      struct systolic_job job = {
          .m = M,
          .n = least(COLUMNS, N - column),
          .k = least(ROWS, K - start),
          .flags = (start > 0 ? SYSTOLIC_FLAGS_ACCUMULATE : 0) |
                   (start + ROWS >= K ? SYSTOLIC_FLAGS_OUTPUT : 0),
      };
      systolic_configure(&array, &job);
      systolic_start(&array);
    }
  }
}

#endif

static void fill(void) {
  for (int k = 0; k < K; k += 1) {
    for (int m = 0; m < M; m += 1) *a_element(m, k) = random_operand();
    for (int n = 0; n < N; n += 1) b[k][n] = random_operand();
  }
}

static void multiply_on_core(void) {
  for (int m = 0; m < M; m += 1) {
    for (int n = 0; n < N; n += 1) {
      int32_t sum = 0;
      for (int k = 0; k < K; k += 1) sum += *a_element(m, k) * b[k][n];
      expected[m][n] = sum;
    }
  }
}

int main(void) {
  flecsim_tag("prepare");
  dma_open(&dma_a);
  dma_open(&dma_b);
  dma_open(&dma_out);
  systolic_open(&array);
  fill();
  describe();

  flecsim_tag("gemm");
  uint64_t before = timer_cycles();
  dma_start_chain(&dma_out, c_chain);
  dma_start_chain(&dma_a, a_chain);
  dma_start_chain(&dma_b, b_chain);
  multiply();
  uint32_t error = dma_wait(&dma_a) | dma_wait(&dma_b) | dma_wait(&dma_out) | systolic_wait(&array);
  uint32_t cycles = (uint32_t)(timer_cycles() - before);

  flecsim_tag("check");
  multiply_on_core();
  int wrong = 0;
  for (int m = 0; m < M; m += 1) {
    for (int n = 0; n < N; n += 1) {
      if (c[m][n] == expected[m][n]) continue;
      if (wrong < 5)
        print("C[%d][%d] is %ld, not %ld\n", m, n, (long)c[m][n], (long)expected[m][n]);
      wrong += 1;
    }
  }
  const uint32_t macs = M * N * K;
  print(
      "%d x %d x %d on a %d x %d array: %u MACs in %u cycles (%u %% of the peak), %d of %d "
      "elements wrong\n",
      M, N, K, COLUMNS, ROWS, (unsigned)macs, (unsigned)cycles,
      (unsigned)(macs * 100 / (cycles * ROWS * COLUMNS)), wrong, M * N);
  return error != 0 || wrong != 0;
}
