#include "htif.h"

struct htif_word {
  uint32_t low;
  uint32_t high;
};

__attribute__((section(".htif"), aligned(64), used)) volatile struct htif_word tohost;
__attribute__((section(".htif"), aligned(64), used)) volatile struct htif_word fromhost;

void htif_send(uint8_t device, uint8_t command, uint32_t payload) {
  tohost.low = payload;
  tohost.high = (uint32_t)device << 24 | (uint32_t)command << 16;
}
