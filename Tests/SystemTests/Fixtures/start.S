# Gives C a stack, hands the result of main to the test finisher.
  .globl _start
_start:
  la sp, stack_top
  call main
  li t0, 0x100000
  bnez a0, 1f
  li t1, 0x5555
  sw t1, 0(t0)
1:
  slli a0, a0, 16
  li t1, 0x3333
  or a0, a0, t1
  sw a0, 0(t0)
2:
  j 2b

  .bss
  .balign 16
  .space 4096
stack_top:
