// Checksums, a hash, big numbers, bits, divisions and calls through tables.
#include "support.h"

static uint32_t crc(const uint8_t *data, size_t count) {
  uint32_t value = ~0u;
  while (count--) {
    value ^= *data++;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
  }
  return ~value;
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

// The fractions of the cube roots of the first 64 primes and the square roots of the first 8.
static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
static const uint32_t h[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

// SHA-256 of up to 55 bytes.
static void hash(const char *text) {
  uint32_t w[64];
  uint8_t block[64] = {0};
  size_t length = strlen(text);
  memcpy(block, text, length);
  block[length] = 0x80;
  block[62] = (uint8_t)(length * 8 >> 8);
  block[63] = (uint8_t)(length * 8);
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + w[i - 7] +
           (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
           (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
  uint32_t v[8];
  memcpy(v, h, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t a = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) +
                 ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
    uint32_t b = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
                 ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    for (int j = 7; j > 0; j--) v[j] = v[j - 1];
    v[4] += a;
    v[0] = a + b;
  }
  for (int i = 0; i < 8; i++) print_unsigned("sha256", h[i] + v[i]);
}

// 60! in base 10^4.
static void factorial(void) {
  uint16_t digits[40] = {1};
  for (uint32_t n = 2; n <= 60; n++) {
    uint32_t carry = 0;
    for (int i = 0; i < 40; i++) {
      carry += digits[i] * n;
      digits[i] = (uint16_t)(carry % 10000);
      carry /= 10000;
    }
  }
  for (int i = 20; i >= 0; i--) print_unsigned("factorial", digits[i]);
}

static int32_t add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
static int32_t divide(int32_t a, int32_t b) { return b ? a / (b == -1 ? 1 : b) : -1; }
static int32_t remainder_of(int32_t a, int32_t b) { return b ? a % (b == -1 ? 1 : b) : a; }
static int32_t shift(int32_t a, int32_t b) { return a >> (b & 31); }
static int32_t (*const operations[])(int32_t, int32_t) = {add, divide, remainder_of, shift};

struct packed {
  unsigned a : 3;
  signed b : 7;
  unsigned c : 17;
  int64_t d;
} __attribute__((packed));

static unsigned queens(unsigned columns, unsigned left, unsigned right, unsigned all) {
  if (columns == all) return 1;
  unsigned found = 0;
  for (unsigned free = all & ~(columns | left | right); free; free &= free - 1) {
    unsigned bit = free & -free;
    found += queens(columns | bit, (left | bit) << 1, (right | bit) >> 1, all);
  }
  return found;
}

void program(void) {
  uint8_t data[300];
  uint32_t seed = 7;
  for (int i = 0; i < 300; i++) data[i] = (uint8_t)next_random(&seed);
  print_unsigned("crc", crc(data, sizeof data));
  hash("the quick brown fox jumps over the lazy dog");
  factorial();
  int32_t value = 123456789;
  for (int i = 0; i < 400; i++) value = operations[next_random(&seed) & 3](value, (int32_t)(next_random(&seed) << 9)) ^ i;
  print_unsigned("operations", (uint32_t)value);
  struct packed packed = {0};
  for (int i = 0; i < 50; i++) {
    packed.a += 3;
    packed.b -= 11;
    packed.c ^= next_random(&seed);
    packed.d = packed.d * 6364136223846793005 + packed.b;
  }
  print_unsigned("fields", packed.a | packed.c << 3);
  print_unsigned("signed field", (uint64_t)(int64_t)packed.b);
  print_unsigned("unaligned", (uint64_t)packed.d);
  uint64_t bits = 0;
  for (int i = 0; i < 60; i++) {
    uint64_t x = (uint64_t)next_random(&seed) << 33 | next_random(&seed) << (i & 31) | 1;
    bits = bits * 5 + __builtin_popcountll(x) + 64 * __builtin_ctzll(x) + __builtin_clzll(x);
    bits ^= __builtin_bswap64(x) + (x << (i & 63)) - (x >> (i & 31));
  }
  print_unsigned("bits", bits);
  print_unsigned("queens", queens(0, 0, 0, 0x7f));
}
