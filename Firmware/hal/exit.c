#include "exit.h"

#include <stdint.h>

#include "htif.h"
#include "mmio.h"
#include "soc.h"
#ifdef HAL_TESTFINISHER_BASE
#include "finisher_registers.h"
#endif

_Noreturn void exit(int code) {
  uint32_t status = (uint32_t)code & 0xFF;
  mmio_fence();
  htif_send(0, 0, status << 1 | 1);
#ifdef HAL_TESTFINISHER_BASE
  /* Where nobody listens to tohost, for example on QEMU's virt machine. */
  mmio_write(
      HAL_TESTFINISHER_BASE + FINISHER_FINISH, status == 0 ? 0x5555u : status << 16 | 0x3333u);
#endif
  for (;;) __asm__ volatile("wfi");
}
