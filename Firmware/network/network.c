/* Executes a plan: the address of its header is the first argument, in hexadecimal.
 *
 * Ends with exit code 0, or 1 after a message when there is no plan or a device reports an error.
 */
#include "console.h"
#include "engines.h"
#include "exit.h"
#include "interrupts.h"
#include "kernels.h"
#include "mmio.h"

/* A hexadecimal number, 0x in front or not; 0 for any other text. */
static uint32_t hexadecimal(const char *text) {
  uint32_t value = 0;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text += 2;
  for (; *text != 0; text += 1) {
    uint32_t digit = (uint32_t)*text;
    if (digit - '0' <= 9) {
      digit -= '0';
    } else if ((digit | 0x20) - 'a' <= 5) {
      digit = (digit | 0x20) - 'a' + 10;
    } else {
      return 0;
    }
    value = value << 4 | digit;
  }
  return value;
}

static void execute(const uint32_t *command) {
  const uint32_t *parameters = command + COMMAND_WAITS + (command[COMMAND_COUNTS] & 0xFFFF);
  uint32_t identifier = command[COMMAND_COUNTS] >> 16;
  if (identifier >= KERNEL_COUNT || kernels[identifier] == 0) {
    print("error: there is no kernel %u\n", (unsigned)identifier);
    exit(1);
  }
  mmio_fence();
  kernels[identifier](parameters);
  mmio_fence();
}

int main(int argc, char **argv) {
  uint32_t address = argc > 1 ? hexadecimal(argv[1]) : 0;
  if (address == 0 || address % 4 != 0) {
    print("error: cpu_firmware_args: the address of a plan in hexadecimal\n");
    return 1;
  }
  interrupts_disable();
  engines_open(plan_at(address));
  engines_issue();
  while (!engines_are_done()) {
    const uint32_t *command = engines_core_command();
    if (command == 0) {
      engines_wait();
      continue;
    }
    /* Devices are served while the core computes. */
    interrupts_enable();
    execute(command);
    interrupts_disable();
    engines_core_completed();
  }
  mmio_fence();
  return 0;
}
