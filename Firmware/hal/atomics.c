/* Atomic operations, which compilers call by these names where the hart has no instruction for
 * them. There is one hart at work: nothing comes in between while interrupts are off. */
#include <stdbool.h>
#include <stdint.h>

#include "interrupts.h"
#include "memory.h"

#define COMBINE(name, type, bytes, operator)                                             \
  type __atomic_fetch_##name##_##bytes(volatile void *address, type value, int order);   \
  type __atomic_fetch_##name##_##bytes(volatile void *address, type value, int order) {  \
    (void)order;                                                                         \
    volatile type *place = address;                                                      \
    uint32_t state = interrupts_disable();                                               \
    type old = *place;                                                                   \
    *place = (type)(old operator value);                                                 \
    interrupts_restore(state);                                                           \
    return old;                                                                          \
  }

#define ATOMICS(type, bytes)                                                             \
  type __atomic_load_##bytes(const volatile void *address, int order);                   \
  type __atomic_load_##bytes(const volatile void *address, int order) {                  \
    (void)order;                                                                         \
    uint32_t state = interrupts_disable();                                               \
    type value = *(const volatile type *)address;                                        \
    interrupts_restore(state);                                                           \
    return value;                                                                        \
  }                                                                                      \
  void __atomic_store_##bytes(volatile void *address, type value, int order);            \
  void __atomic_store_##bytes(volatile void *address, type value, int order) {           \
    (void)order;                                                                         \
    uint32_t state = interrupts_disable();                                               \
    *(volatile type *)address = value;                                                   \
    interrupts_restore(state);                                                           \
  }                                                                                      \
  type __atomic_exchange_##bytes(volatile void *address, type value, int order);         \
  type __atomic_exchange_##bytes(volatile void *address, type value, int order) {        \
    (void)order;                                                                         \
    volatile type *place = address;                                                      \
    uint32_t state = interrupts_disable();                                               \
    type old = *place;                                                                   \
    *place = value;                                                                      \
    interrupts_restore(state);                                                           \
    return old;                                                                          \
  }                                                                                      \
  bool __atomic_compare_exchange_##bytes(                                                \
      volatile void *address, void *expected, type desired, int success, int failure);   \
  bool __atomic_compare_exchange_##bytes(                                                \
      volatile void *address, void *expected, type desired, int success, int failure) {  \
    (void)success;                                                                       \
    (void)failure;                                                                       \
    volatile type *place = address;                                                      \
    type *wanted = expected;                                                             \
    uint32_t state = interrupts_disable();                                               \
    type old = *place;                                                                   \
    bool is_equal = old == *wanted;                                                      \
    if (is_equal) {                                                                      \
      *place = desired;                                                                  \
    } else {                                                                             \
      *wanted = old;                                                                     \
    }                                                                                    \
    interrupts_restore(state);                                                           \
    return is_equal;                                                                     \
  }                                                                                      \
  COMBINE(add, type, bytes, +)                                                           \
  COMBINE(sub, type, bytes, -)                                                           \
  COMBINE(and, type, bytes, &)                                                           \
  COMBINE(or, type, bytes, |)                                                            \
  COMBINE(xor, type, bytes, ^)

#ifndef __riscv_atomic
ATOMICS(uint8_t, 1)
ATOMICS(uint16_t, 2)
ATOMICS(uint32_t, 4)
#endif
#if !defined(__riscv_atomic) || __riscv_xlen == 32
ATOMICS(uint64_t, 8)
#endif

/* The same for any size, which Clang calls for C's _Atomic. Under these names it knows builtins of
 * another form. */
void load_any(size_t size, const void *address, void *value, int order) __asm__("__atomic_load");
void store_any(size_t size, void *address, const void *value, int order) __asm__("__atomic_store");
void exchange_any(size_t size, void *address, const void *value, void *old, int order) __asm__(
    "__atomic_exchange");
bool compare_exchange_any(
    size_t size, void *address, void *expected, const void *desired, int success,
    int failure) __asm__("__atomic_compare_exchange");

void load_any(size_t size, const void *address, void *value, int order) {
  (void)order;
  uint32_t state = interrupts_disable();
  memcpy(value, address, size);
  interrupts_restore(state);
}

void store_any(size_t size, void *address, const void *value, int order) {
  (void)order;
  uint32_t state = interrupts_disable();
  memcpy(address, value, size);
  interrupts_restore(state);
}

void exchange_any(size_t size, void *address, const void *value, void *old, int order) {
  (void)order;
  uint32_t state = interrupts_disable();
  memcpy(old, address, size);
  memcpy(address, value, size);
  interrupts_restore(state);
}

bool compare_exchange_any(
    size_t size, void *address, void *expected, const void *desired, int success, int failure) {
  (void)success;
  (void)failure;
  uint32_t state = interrupts_disable();
  bool is_equal = memcmp(address, expected, size) == 0;
  if (is_equal) {
    memcpy(address, desired, size);
  } else {
    memcpy(expected, address, size);
  }
  interrupts_restore(state);
  return is_equal;
}
