# An exception while mtvec points to where there is no memory.
  .globl _start
_start:
  li t0, 0x40000000
  csrw mtvec, t0
  nop
faulty:
  .globl faulty
  .type faulty, @function
  unimp
  .size faulty, . - faulty
