// Three sorts of the same numbers, a heap of records and a binary search tree.
#include "support.h"

enum { COUNT = 260 };
static int32_t original[COUNT], work[COUNT], spare[COUNT];

static void quick(int32_t *a, int low, int high) {
  while (low < high) {
    int32_t pivot = a[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        int32_t t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (j - low < high - i) {
      quick(a, low, j);
      low = i;
    } else {
      quick(a, i, high);
      high = j;
    }
  }
}

static void merge(int32_t *a, int count) {
  if (count < 2) return;
  int half = count / 2;
  merge(a, half);
  merge(a + half, count - half);
  for (int i = 0; i < count; i++) spare[i] = a[i];
  int x = 0, y = half;
  for (int i = 0; i < count; i++)
    a[i] = y >= count || (x < half && spare[x] <= spare[y]) ? spare[x++] : spare[y++];
}

static void radix(int32_t *a, int count) {
  for (int shift = 0; shift < 32; shift += 8) {
    unsigned start[257] = {0};
    for (int i = 0; i < count; i++)
      start[((((uint32_t)a[i] ^ 0x80000000u) >> shift) & 255) + 1]++;
    for (int i = 0; i < 256; i++) start[i + 1] += start[i];
    for (int i = 0; i < count; i++)
      spare[start[(((uint32_t)a[i] ^ 0x80000000u) >> shift) & 255]++] = a[i];
    for (int i = 0; i < count; i++) a[i] = spare[i];
  }
}

static uint64_t digest(const int32_t *a, int count) {
  uint64_t sum = 14695981039346656037u;
  for (int i = 0; i < count; i++) sum = (sum ^ (uint32_t)a[i]) * 1099511628211u;
  return sum;
}

struct node {
  int64_t key;
  uint8_t kind;
  int16_t left, right;
};
static struct node nodes[COUNT];

static int depth(int index) {
  if (index < 0) return 0;
  int a = depth(nodes[index].left), b = depth(nodes[index].right);
  return 1 + (a > b ? a : b);
}

static void tree(void) {
  int root = -1;
  for (int i = 0; i < COUNT; i++) {
    nodes[i] = (struct node){(int64_t)original[i] * original[COUNT - 1 - i], i & 7, -1, -1};
    int at = root;
    if (at < 0) root = i;
    while (at >= 0) {
      int16_t *link = nodes[i].key < nodes[at].key ? &nodes[at].left : &nodes[at].right;
      if (*link < 0) {
        *link = (int16_t)i;
        break;
      }
      at = *link;
    }
  }
  print_unsigned("tree depth", depth(root));
  uint64_t sum = 0;
  for (int i = 0; i < COUNT; i++) sum = sum * 31 + nodes[i].key + nodes[i].kind;
  print_unsigned("tree keys", sum);
}

void program(void) {
  uint32_t seed = 2463534242u;
  for (int i = 0; i < COUNT; i++)
    original[i] = (int32_t)(next_random(&seed) << 8 ^ next_random(&seed));
  for (int kind = 0; kind < 3; kind++) {
    memcpy(work, original, sizeof work);
    if (kind == 0) quick(work, 0, COUNT - 1);
    if (kind == 1) merge(work, COUNT);
    if (kind == 2) radix(work, COUNT);
    print_unsigned("sorted", digest(work, COUNT));
    print_unsigned("first", (uint32_t)work[0]);
    print_unsigned("last", (uint32_t)work[COUNT - 1]);
  }
  tree();
}
