# Writes TOHOST to tohost: the low word, and the high word as well if BOTH_WORDS is 1.
  .globl _start
_start:
  la t0, tohost
  li t1, TOHOST
  sw t1, 0(t0)
#if BOTH_WORDS
  sw zero, 4(t0)
#endif
1:
  j 1b

  .data
  .globl tohost, fromhost
  .balign 64
tohost:
  .dword 0
  .balign 64
fromhost:
  .dword 0
