/* Convolutions and fully connected layers on the systolic array. There is one implementation per
 * dataflow; the SoC file names the one that fits its array. */
#ifndef LAYERS_H
#define LAYERS_H

#include "network.h"

/* Opens array and DMAs and builds the descriptors of all layers. */
void layers_open(void);

/* Puts an image of IMAGE_SIDE x IMAGE_SIDE bytes where the first layer expects it. */
void layers_load_image(const int8_t *image);

/* Computes a layer and waits until its output is in memory. */
void layer_run(enum layer_index index);

#endif
