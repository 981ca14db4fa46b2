# Loads, stores and changes in every width around the borders of everything. Whatever traps is
# skipped; the end is told to the test finisher.
.section .text.start
.global _start
_start:
  la t0, handler
  csrw mtvec, t0
  la s0, borders
  la s1, borders_end
  li s3, -1
border:
#if __riscv_xlen == 64
  ld s2, 0(s0)
  addi s0, s0, 8
#else
  lw s2, 0(s0)
  addi s0, s0, 4
#endif
  addi s4, s2, -9
  li s5, 26
place:
  lb t1, 0(s4)
  lhu t1, 0(s4)
  lw t1, 0(s4)
  sb s3, 0(s4)
  sh s3, 0(s4)
  sw s3, 0(s4)
  sw s4, 0(s4)
  lr.w t1, (s4)
  sc.w t1, s3, (s4)
  amoor.w t1, s4, (s4)
#if __riscv_xlen == 64
  ld t1, 0(s4)
  sd s3, 0(s4)
  amoadd.d t1, s4, (s4)
#endif
  addi s4, s4, 1
  addi s5, s5, -1
  bnez s5, place
  bltu s0, s1, border
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
1:
  j 1b

  .balign 4
handler:
  csrr t2, mepc
  addi t2, t2, 4
  csrw mepc, t2
  mret

  .balign 8
borders:
#if __riscv_xlen == 64
#define BORDER .dword
  BORDER 0x4000000000, 0xffffffc000000000, 0x100000000, 0x100000000000000, 0x8000000000000000
#else
#define BORDER .word
#endif
  BORDER 0, 0x7fffffff, 0xffffffff, -1, -16
  BORDER 0x02000000, 0x02004000, 0x0200bff8, 0x02010000, 0x0c000000, 0x0c002000, 0x0c200000
  BORDER 0x10000000, 0x10000100, 0x10010000, 0x10010010, 0x90000000, 0x84000000
borders_end:
