/* Memory of varying size, from the area of cpu_firmware.heap_bytes. */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

/* Stores the address of `bytes` free bytes at a multiple of `alignment`, a power of two. Returns 0,
 * or 12 (ENOMEM) after a message on the console when there is no such room. Handlers may call it.
 */
int posix_memalign(void **address, size_t alignment, size_t bytes);

/* Gives memory back; NULL is ignored. */
void free(void *address);

/* Bytes that are not in use, in pieces of any size. */
size_t heap_free_bytes(void);

#endif
