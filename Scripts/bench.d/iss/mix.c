// The program of `Scripts/bench iss`: a sieve, bitwise CRC-32 and an integer matrix product, with
// no library and one system call at the end, so that the same executable runs in QEMU's user mode
// and on a bare hart. The exit code is 0 when every result is right.
typedef unsigned char u8;
typedef unsigned int u32;

enum { numbers = 65536, size = 64, bytes = 16384 };

static u8 composite[numbers];
static u32 a[size][size], b[size][size], c[size][size];
static u8 text[bytes];

static u32 sieve(void) {
  u32 primes = 0;
  for (u32 i = 0; i < numbers; i++) composite[i] = 0;
  for (u32 i = 2; i < numbers; i++) {
    if (composite[i]) continue;
    primes++;
    for (u32 j = i + i; j < numbers; j += i) composite[j] = 1;
  }
  return primes;
}

static u32 crc(void) {
  u32 value = ~0u;
  for (u32 i = 0; i < bytes; i++) {
    value ^= text[i];
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (0xedb88320u & -(value & 1));
  }
  return ~value;
}

static u32 product(void) {
  u32 sum = 0;
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      u32 value = 0;
      for (int k = 0; k < size; k++) value += a[i][k] * b[k][j];
      c[i][j] = value;
      sum = sum * 31 + value;
    }
  return sum;
}

static int run(void) {
  u32 state = 1, first = 0;
  for (u32 i = 0; i < bytes; i++) {
    state = state * 1664525 + 1013904223;
    text[i] = state >> 24;
  }
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      a[i][j] = i * 3 + j;
      b[i][j] = i ^ j;
    }
  for (int round = 0; round < ROUNDS; round++) {
    u32 value = sieve() ^ crc() ^ product();
    if (round == 0) first = value;
    if (value != first) return 1;
  }
  return sieve() == 6542 ? 0 : 2;
}

__attribute__((noreturn)) void _start(void) {
  register long code __asm__("a0") = run();
  register long call __asm__("a7") = 93;
  __asm__ volatile("ecall" : : "r"(code), "r"(call));
  __builtin_unreachable();
}
