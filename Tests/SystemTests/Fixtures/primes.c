/* Prints primes and their products on the UART, wakes up by the timer in between, returns RESULT. */
typedef unsigned int uint32;
typedef unsigned char uint8;

static volatile uint8 *const uart = (volatile uint8 *)0x10000000;
static volatile uint32 *const mtimecmp = (volatile uint32 *)0x02004000;
static volatile uint32 *const mtime = (volatile uint32 *)0x0200bff8;
enum { LSR = 5, LSR_EMPTY = 0x20, MTIE = 0x80 };

static void put(char character) {
  while (!(uart[LSR] & LSR_EMPTY)) {
  }
  uart[0] = (uint8)character;
}

static void print(uint32 number) {
  char digits[10];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count > 0) put(digits[--count]);
}

static void sleep_ticks(uint32 ticks) {
  mtimecmp[1] = 0xffffffff;
  mtimecmp[0] = mtime[0] + ticks;
  mtimecmp[1] = 0;
  __asm__ volatile("csrw mie, %0\n wfi" : : "r"(MTIE) : "memory");
}

int main(void) {
  uint32 product = 1;
  int found = 0;
  for (uint32 candidate = 2; found < 25; candidate++) {
    int is_prime = 1;
    for (uint32 divisor = 2; divisor * divisor <= candidate; divisor++) {
      if (candidate % divisor == 0) is_prime = 0;
    }
    if (!is_prime) continue;
    found++;
    product *= candidate;
    print(candidate);
    put(' ');
    print(product);
    put('\n');
    if (found % 5 == 0) sleep_ticks(100);
  }
  return RESULT;
}
