/* 64-bit shifts, which RV32 compilers call by these names when they save space. */
#include <stdint.h>

uint64_t __ashldi3(uint64_t value, int amount);
uint64_t __lshrdi3(uint64_t value, int amount);
int64_t __ashrdi3(int64_t value, int amount);

#if __riscv_xlen == 32

/* Built from halves: a 64-bit shift here would become a call to itself. */
static uint64_t join(uint32_t high, uint32_t low) { return (uint64_t)high << 32 | low; }
static uint32_t high_half(uint64_t value) { return (uint32_t)(value >> 32); }

uint64_t __ashldi3(uint64_t value, int amount) {
  uint32_t low = (uint32_t)value;
  if (amount == 0) return value;
  if (amount >= 32) return join(low << (amount - 32), 0);
  return join(high_half(value) << amount | low >> (32 - amount), low << amount);
}

uint64_t __lshrdi3(uint64_t value, int amount) {
  uint32_t high = high_half(value);
  if (amount == 0) return value;
  if (amount >= 32) return join(0, high >> (amount - 32));
  return join(high >> amount, (uint32_t)value >> amount | high << (32 - amount));
}

int64_t __ashrdi3(int64_t value, int amount) {
  int32_t high = (int32_t)high_half((uint64_t)value);
  if (amount == 0) return value;
  if (amount >= 32) return (int64_t)join((uint32_t)(high >> 31), (uint32_t)(high >> (amount - 32)));
  uint32_t low = (uint32_t)value >> amount | (uint32_t)high << (32 - amount);
  return (int64_t)join((uint32_t)(high >> amount), low);
}

#endif
