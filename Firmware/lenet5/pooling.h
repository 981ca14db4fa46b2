/* Pooling on the core. */
#ifndef POOLING_H
#define POOLING_H

#include <stdint.h>

/* 2 x 2 maximum with stride 2 over `channels` images of `side` x `side`, `side` even. */
void max_pool(const int8_t *input, uint32_t channels, uint32_t side, int8_t *output);

#endif
