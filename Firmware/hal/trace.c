#include "trace.h"

#include "mmio.h"
#include "soc.h"

#ifdef HAL_MARKER_BASE

#include "marker_registers.h"

void flecsim_tag(const char *name) {
  mmio_fence();
  mmio_write(HAL_MARKER_BASE + MARKER_TAG_NAME, (uintptr_t)name);
}

void flecsim_waves(bool is_on) { mmio_write(HAL_MARKER_BASE + MARKER_WAVES, is_on); }

uint64_t flecsim_time_ns(void) {
  uint32_t low = mmio_read(HAL_MARKER_BASE + MARKER_TIME_LO);
  return (uint64_t)mmio_read(HAL_MARKER_BASE + MARKER_TIME_HI) << 32 | low;
}

#else

void flecsim_tag(const char *name) { (void)name; }
void flecsim_waves(bool is_on) { (void)is_on; }
uint64_t flecsim_time_ns(void) { return 0; }

#endif
