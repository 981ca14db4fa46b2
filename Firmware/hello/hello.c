/* Prints, sleeps until timer interrupts come, and ends with exit code 0. */
#include "hal.h"

enum { BEATS = 3, PERIOD_US = 20 };

struct heart {
  uint64_t next;
  volatile int beats;
};

/* Runs in the timer interrupt: counts, and asks for the next one. */
static void beat(void *context) {
  struct heart *heart = context;
  heart->beats += 1;
  heart->next += (uint64_t)PERIOD_US * (TIMER_HZ / 1000000);
  if (heart->beats < BEATS) timer_at(heart->next, beat, heart);
}

int main(int argc, char **argv) {
  print("Hello from a simulated RISC-V core of %u MIPS.\n", (unsigned)SOC_CPU_MIPS);
  for (int index = 1; index < argc; index += 1) print("argument %d: %s\n", index, argv[index]);

  struct heart heart = {
      .next = timer_now() + (uint64_t)PERIOD_US * (TIMER_HZ / 1000000), .beats = 0};
  timer_at(heart.next, beat, &heart);
  for (int seen = 0; seen < BEATS; seen += 1) {
    WAIT_UNTIL(heart.beats > seen);
    print("timer interrupt %d\n", seen + 1);
  }

  unsigned long long large = 10000000000000ull;
  print("%llu / 7 = %llu, hexadecimal %016llx, signed %d\n", large, large / 7, large, -42);
  return 0;
}
