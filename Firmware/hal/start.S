# Reset and traps of hart 0; other harts sleep.

# The same code for every register width; registers are saved whole.
#if __riscv_xlen == 64
#define LOAD ld
#define STORE sd
#define WORD 8
#else
#define LOAD lw
#define STORE sw
#define WORD 4
#endif
#ifdef __riscv_flen
#if __riscv_flen == 64
#define FLOAD fld
#define FSTORE fsd
#else
#define FLOAD flw
#define FSTORE fsw
#endif
# ft0 to ft11 and fa0 to fa7, which a C function may change, and fcsr.
#define FLOATS 20
#define FLOAT_BYTES (8 * (FLOATS + 2))
#else
#define FLOAT_BYTES 0
#endif
#define FRAME_BYTES (16 * WORD + FLOAT_BYTES)

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
#ifdef __riscv_flen
  # Floating point on, rounding to nearest.
  li t0, 0x6000
  csrs mstatus, t0
  csrw fcsr, zero
#endif
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
  addi sp, sp, -FRAME_BYTES
  STORE ra, 0 * WORD(sp)
  STORE t0, 1 * WORD(sp)
  STORE t1, 2 * WORD(sp)
  STORE t2, 3 * WORD(sp)
  STORE a0, 4 * WORD(sp)
  STORE a1, 5 * WORD(sp)
  STORE a2, 6 * WORD(sp)
  STORE a3, 7 * WORD(sp)
  STORE a4, 8 * WORD(sp)
  STORE a5, 9 * WORD(sp)
  STORE a6, 10 * WORD(sp)
  STORE a7, 11 * WORD(sp)
  STORE t3, 12 * WORD(sp)
  STORE t4, 13 * WORD(sp)
  STORE t5, 14 * WORD(sp)
  STORE t6, 15 * WORD(sp)
#ifdef __riscv_flen
  FSTORE ft0, 16 * WORD + 0(sp)
  FSTORE ft1, 16 * WORD + 8(sp)
  FSTORE ft2, 16 * WORD + 16(sp)
  FSTORE ft3, 16 * WORD + 24(sp)
  FSTORE ft4, 16 * WORD + 32(sp)
  FSTORE ft5, 16 * WORD + 40(sp)
  FSTORE ft6, 16 * WORD + 48(sp)
  FSTORE ft7, 16 * WORD + 56(sp)
  FSTORE fa0, 16 * WORD + 64(sp)
  FSTORE fa1, 16 * WORD + 72(sp)
  FSTORE fa2, 16 * WORD + 80(sp)
  FSTORE fa3, 16 * WORD + 88(sp)
  FSTORE fa4, 16 * WORD + 96(sp)
  FSTORE fa5, 16 * WORD + 104(sp)
  FSTORE fa6, 16 * WORD + 112(sp)
  FSTORE fa7, 16 * WORD + 120(sp)
  FSTORE ft8, 16 * WORD + 128(sp)
  FSTORE ft9, 16 * WORD + 136(sp)
  FSTORE ft10, 16 * WORD + 144(sp)
  FSTORE ft11, 16 * WORD + 152(sp)
  csrr t0, fcsr
  sw t0, 16 * WORD + 160(sp)
#endif
  call interrupt_dispatch
#ifdef __riscv_flen
  lw t0, 16 * WORD + 160(sp)
  csrw fcsr, t0
  FLOAD ft0, 16 * WORD + 0(sp)
  FLOAD ft1, 16 * WORD + 8(sp)
  FLOAD ft2, 16 * WORD + 16(sp)
  FLOAD ft3, 16 * WORD + 24(sp)
  FLOAD ft4, 16 * WORD + 32(sp)
  FLOAD ft5, 16 * WORD + 40(sp)
  FLOAD ft6, 16 * WORD + 48(sp)
  FLOAD ft7, 16 * WORD + 56(sp)
  FLOAD fa0, 16 * WORD + 64(sp)
  FLOAD fa1, 16 * WORD + 72(sp)
  FLOAD fa2, 16 * WORD + 80(sp)
  FLOAD fa3, 16 * WORD + 88(sp)
  FLOAD fa4, 16 * WORD + 96(sp)
  FLOAD fa5, 16 * WORD + 104(sp)
  FLOAD fa6, 16 * WORD + 112(sp)
  FLOAD fa7, 16 * WORD + 120(sp)
  FLOAD ft8, 16 * WORD + 128(sp)
  FLOAD ft9, 16 * WORD + 136(sp)
  FLOAD ft10, 16 * WORD + 144(sp)
  FLOAD ft11, 16 * WORD + 152(sp)
#endif
  LOAD ra, 0 * WORD(sp)
  LOAD t0, 1 * WORD(sp)
  LOAD t1, 2 * WORD(sp)
  LOAD t2, 3 * WORD(sp)
  LOAD a0, 4 * WORD(sp)
  LOAD a1, 5 * WORD(sp)
  LOAD a2, 6 * WORD(sp)
  LOAD a3, 7 * WORD(sp)
  LOAD a4, 8 * WORD(sp)
  LOAD a5, 9 * WORD(sp)
  LOAD a6, 10 * WORD(sp)
  LOAD a7, 11 * WORD(sp)
  LOAD t3, 12 * WORD(sp)
  LOAD t4, 13 * WORD(sp)
  LOAD t5, 14 * WORD(sp)
  LOAD t6, 15 * WORD(sp)
  addi sp, sp, FRAME_BYTES
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
