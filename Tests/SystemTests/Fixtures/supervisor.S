# What OpenSBI starts in supervisor mode: prints, takes a timer interrupt, starts the other harts,
# shuts down.
#define SBI_PUTCHAR 1
#define SBI_TIME 0x54494D45
#define SBI_HSM 0x48534D
#define SBI_RESET 0x53525354
#ifndef HARTS
#define HARTS 1
#endif

  .section .text.start, "ax", @progbits
  .globl _start
_start:
  mv s0, a0                 # the hart that boots
  mv s1, a1                 # the device tree
  la sp, stack_top
  la a0, hello
  call print
  # The device tree's magic number, big endian.
  lwu t0, 0(s1)
  li t1, 0xEDFE0DD0
  li a0, 'D'
  bne t0, t1, fail
  # A timer interrupt a hundred ticks from now.
  la t0, timer
  csrw stvec, t0
  rdtime a0
  addi a0, a0, 100
  li a7, SBI_TIME
  li a6, 0
  ecall
  li t0, 1 << 5
  csrw sie, t0
  csrsi sstatus, 2
1:
  wfi
  la t0, ticks
  lw t0, 0(t0)
  beqz t0, 1b
  la a0, ticked
  call print
  # The other harts.
  li s2, 0
2:
  li t0, HARTS
  bge s2, t0, 4f
  beq s2, s0, 3f
  mv a0, s2
  la a1, secondary
  li a2, 7
  li a7, SBI_HSM
  li a6, 0
  ecall
  bnez a0, fail
3:
  addi s2, s2, 1
  j 2b
4:
  la t0, arrived
  lw t1, 0(t0)
  li t2, HARTS - 1
  bne t1, t2, 4b
  li a0, HARTS + '0'
  call put
  la a0, harts
  call print
  li a0, 0
  j shutdown

fail:
  call put
  li a0, 1

shutdown:                   # type 0; the reason says whether all is well
  mv a1, a0
  li a0, 0
  li a7, SBI_RESET
  li a6, 0
  ecall
  j .

timer:
  li a7, SBI_TIME
  li a6, 0
  li a0, -1
  ecall
  li t0, 1 << 5
  csrc sie, t0
  la t0, ticks
  li t1, 1
  sw t1, 0(t0)
  sret

secondary:                  # a0 is the hart, a1 what was passed
  li t0, 7
  bne a1, t0, .
  la t0, arrived
  li t1, 1
  amoadd.w zero, t1, (t0)
1:
  wfi
  j 1b

print:
  mv s3, ra
  mv s4, a0
1:
  lbu a0, 0(s4)
  beqz a0, 2f
  call put
  addi s4, s4, 1
  j 1b
2:
  jr s3

put:
  li a7, SBI_PUTCHAR
  li a6, 0
  ecall
  ret

  .section .rodata
hello: .asciz "supervisor mode\n"
ticked: .asciz "timer\n"
harts: .asciz " harts\n"

  .data
  .balign 8
ticks: .word 0
arrived: .word 0
  .space 1024
stack_top:
