/* 64-bit division, which RV32 compilers call by these names. */
#include <stdint.h>

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);

/* Schoolbook division bit by bit. Division by zero gives all ones and the dividend, as the
 * processor's own instructions do. */
static uint64_t divide(uint64_t dividend, uint64_t divisor, uint64_t *remainder) {
  uint64_t quotient = 0;
  uint64_t rest = 0;
  for (int bit = 63; bit >= 0; bit -= 1) {
    uint64_t carry = rest >> 63;
    rest = rest << 1 | (dividend >> bit & 1);
    if (carry != 0 || rest >= divisor) {
      rest -= divisor;
      quotient |= (uint64_t)1 << bit;
    }
  }
  *remainder = divisor == 0 ? dividend : rest;
  return quotient;
}

static uint64_t magnitude(int64_t value) { return value < 0 ? -(uint64_t)value : (uint64_t)value; }

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor) {
  uint64_t remainder;
  return divide(dividend, divisor, &remainder);
}

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor) {
  uint64_t remainder;
  (void)divide(dividend, divisor, &remainder);
  return remainder;
}

int64_t __divdi3(int64_t dividend, int64_t divisor) {
  uint64_t remainder;
  uint64_t quotient = divide(magnitude(dividend), magnitude(divisor), &remainder);
  if (divisor == 0) return -1;
  return (int64_t)((dividend < 0) != (divisor < 0) ? -quotient : quotient);
}

int64_t __moddi3(int64_t dividend, int64_t divisor) {
  uint64_t remainder;
  (void)divide(magnitude(dividend), magnitude(divisor), &remainder);
  return (int64_t)(dividend < 0 ? -remainder : remainder);
}
