/* Multiplication and 32-bit division, which compilers call by these names for processors without
 * the M extension. */
#include <stdint.h>

#ifndef __riscv_mul

uint32_t __mulsi3(uint32_t left, uint32_t right);
uint64_t __muldi3(uint64_t left, uint64_t right);
uint32_t __udivsi3(uint32_t dividend, uint32_t divisor);
uint32_t __umodsi3(uint32_t dividend, uint32_t divisor);
int32_t __divsi3(int32_t dividend, int32_t divisor);
int32_t __modsi3(int32_t dividend, int32_t divisor);
uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);

uint32_t __mulsi3(uint32_t left, uint32_t right) {
  uint32_t product = 0;
  for (; right != 0; right >>= 1, left <<= 1) {
    if (right & 1) product += left;
  }
  return product;
}

uint64_t __muldi3(uint64_t left, uint64_t right) {
  uint64_t product = 0;
  for (; right != 0; right >>= 1, left <<= 1) {
    if (right & 1) product += left;
  }
  return product;
}

uint32_t __udivsi3(uint32_t dividend, uint32_t divisor) {
  return (uint32_t)__udivdi3(dividend, divisor);
}

uint32_t __umodsi3(uint32_t dividend, uint32_t divisor) {
  return (uint32_t)__umoddi3(dividend, divisor);
}

int32_t __divsi3(int32_t dividend, int32_t divisor) {
  return (int32_t)__divdi3(dividend, divisor);
}

int32_t __modsi3(int32_t dividend, int32_t divisor) {
  return (int32_t)__moddi3(dividend, divisor);
}

#endif
