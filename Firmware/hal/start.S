# Reset and traps of hart 0; other harts sleep.

  .section .text.start, "ax", @progbits
  .globl _start
  .type _start, @function
_start:
  csrr t0, mhartid
  bnez t0, park
  .option push
  .option norelax
  la gp, __global_pointer$
  .option pop
  la sp, __stack_top
  la t0, trap_entry
  csrw mtvec, t0
  la t0, __bss_start
  la t1, __bss_end
  j 2f
1:
  sw zero, 0(t0)
  sw zero, 4(t0)
  sw zero, 8(t0)
  sw zero, 12(t0)
  addi t0, t0, 16
2:
  bltu t0, t1, 1b
  call hal_run
park:
  wfi
  j park
  .size _start, . - _start

# Saves what a C function may change. Exceptions get a stack of their own: the one in use may be
# what is wrong.
  .text
  .balign 4
  .type trap_entry, @function
trap_entry:
  csrw mscratch, t0
  csrr t0, mcause
  bgez t0, exception
  csrr t0, mscratch
  addi sp, sp, -64
  sw ra, 0(sp)
  sw t0, 4(sp)
  sw t1, 8(sp)
  sw t2, 12(sp)
  sw a0, 16(sp)
  sw a1, 20(sp)
  sw a2, 24(sp)
  sw a3, 28(sp)
  sw a4, 32(sp)
  sw a5, 36(sp)
  sw a6, 40(sp)
  sw a7, 44(sp)
  sw t3, 48(sp)
  sw t4, 52(sp)
  sw t5, 56(sp)
  sw t6, 60(sp)
  call interrupt_dispatch
  lw ra, 0(sp)
  lw t0, 4(sp)
  lw t1, 8(sp)
  lw t2, 12(sp)
  lw a0, 16(sp)
  lw a1, 20(sp)
  lw a2, 24(sp)
  lw a3, 28(sp)
  lw a4, 32(sp)
  lw a5, 36(sp)
  lw a6, 40(sp)
  lw a7, 44(sp)
  lw t3, 48(sp)
  lw t4, 52(sp)
  lw t5, 56(sp)
  lw t6, 60(sp)
  addi sp, sp, 64
  mret
exception:
  .option push
  .option norelax
  la gp, __global_pointer$
  .option pop
  la sp, exception_stack_top
  csrr a0, mcause
  csrr a1, mepc
  csrr a2, mtval
  call exception_unhandled
  .size trap_entry, . - trap_entry

  .bss
  .balign 16
  .space 1024
exception_stack_top:
