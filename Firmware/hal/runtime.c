/* What happens between reset and main. */
#include <stdint.h>

#include "exit.h"

int main(int argc, char **argv);
_Noreturn void hal_run(void);

enum { ARGUMENT_BYTES = 256, ARGUMENT_LIMIT = 32 };

/* The loader writes cpu_firmware_args here, each with a zero behind it. Not in .bss, which start.S
 * clears. */
__attribute__((section(".data.arguments"), used)) char flecsim_arguments[ARGUMENT_BYTES] = {0};
__attribute__((section(".data.arguments"), used)) volatile uint32_t flecsim_argument_count = 0;

_Noreturn void hal_run(void) {
  static char *arguments[ARGUMENT_LIMIT + 2];
  static char program[] = "firmware";
  uint32_t given = flecsim_argument_count;
  uint32_t count = 0;
  char *cursor = flecsim_arguments;
  char *end = flecsim_arguments + ARGUMENT_BYTES;
  arguments[count++] = program;
  while (given > 0 && count <= ARGUMENT_LIMIT && cursor < end) {
    arguments[count++] = cursor;
    given -= 1;
    while (cursor < end && *cursor != 0) cursor += 1;
    cursor += 1;
  }
  exit(main((int)count, arguments));
}
