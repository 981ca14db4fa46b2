/* The host interface: two words of memory that the simulator watches. */
#ifndef HTIF_H
#define HTIF_H

#include <stdint.h>

/* Sends a command; the low word first, because the store of the high word acts. */
void htif_send(uint8_t device, uint8_t command, uint32_t payload);

#endif
