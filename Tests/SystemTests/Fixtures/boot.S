# What every hart finds when the boot ROM has jumped here: its number in a0, the device tree in a1,
# this address in t0. Every hart counts itself; hart 0 exits with the first check that failed.
#ifndef HARTS
#define HARTS 1
#endif
#if __riscv_xlen == 64
#define LOADU lwu
#else
#define LOADU lw
#endif
  .section .text.start, "ax", @progbits
  .globl _start
_start:
  li gp, 1
  csrr t1, mhartid
  bne a0, t1, fail
  li gp, 2
  la t1, _start
  bne t0, t1, fail
  li gp, 3
  LOADU t0, 0(a1)
  li t1, 0xEDFE0DD0         # the magic number as a little-endian word
  bne t0, t1, fail
  li gp, 4                  # the ROM cannot be written
  la t0, refused
  csrw mtvec, t0
  sw zero, 0(a1)
  j fail
  .balign 4
refused:
  li gp, 5
  csrr t0, mcause
  li t1, 7
  bne t0, t1, fail
  LOADU t0, 0(a1)
  li t1, 0xEDFE0DD0
  bne t0, t1, fail
  la t0, arrived
  li t1, 1
  amoadd.w zero, t1, (t0)
  bnez a0, sleep
  # Hart 0 waits for the others, wakes them by software interrupts and waits again.
  li gp, 6
  li t1, HARTS
1:
  lw t2, 0(t0)
  bne t2, t1, 1b
  li t3, 0x02000000
  li t4, 1
2:
  bge t4, t1, 3f
  slli t5, t4, 2
  add t5, t5, t3
  li t6, 1
  sw t6, 0(t5)
  addi t4, t4, 1
  j 2b
3:
  la t0, woken
  li t1, HARTS - 1
4:
  lw t2, 0(t0)
  bne t2, t1, 4b
  li gp, 0
fail:
  la t0, tohost
  slli t1, gp, 1
  ori t1, t1, 1
  sw t1, 0(t0)
  sw zero, 4(t0)
  j .

sleep:                      # until the software interrupt of this hart is pending
  li t0, 8
  csrw mie, t0
  wfi
  csrr t1, mip
  and t1, t1, t0
  beqz t1, fail
  slli t2, a0, 2
  li t3, 0x02000000
  add t2, t2, t3
  sw zero, 0(t2)
  la t0, woken
  li t1, 1
  amoadd.w zero, t1, (t0)
  csrw mie, zero
1:
  wfi
  j 1b

  .data
  .balign 8
arrived: .word 0
woken: .word 0
  .balign 64
  .globl tohost
tohost: .dword 0
  .balign 64
  .globl begin_signature
begin_signature:
  .word 0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C
  .half 0x1110
  .globl end_signature
end_signature:
