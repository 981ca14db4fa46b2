# Waits for an interrupt that cannot come.
  .globl _start
_start:
  csrw mie, zero
1:
  wfi
  j 1b
