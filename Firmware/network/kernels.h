/* What the core computes: the kernels of a plan, by number. README.md has their parameters. */
#ifndef KERNELS_H
#define KERNELS_H

#include <stdint.h>

typedef void (*kernel)(const uint32_t *parameters);

enum {
  KERNEL_COPY,
  KERNEL_FILL,
  KERNEL_COPY_INDEXED,
  KERNEL_GATHER,
  KERNEL_WHERE,
  KERNEL_UNARY,
  KERNEL_BINARY,
  KERNEL_CAST,
  KERNEL_INTEGER_BINARY,
  KERNEL_LOOKUP,
  KERNEL_QLINEAR_BINARY,
  KERNEL_QUANTISE,
  KERNEL_DEQUANTISE,
  KERNEL_CONVOLUTION_INTEGER,
  KERNEL_CONVOLUTION_FLOAT,
  KERNEL_DEPTHWISE_INTEGER,
  KERNEL_DEPTHWISE_FLOAT,
  KERNEL_PRODUCT_INTEGER,
  KERNEL_PRODUCT_FLOAT,
  KERNEL_POOL,
  KERNEL_REDUCE,
  KERNEL_SOFTMAX,
  KERNEL_QLINEAR_SOFTMAX,
  KERNEL_NORMALISE,
  KERNEL_ARGUMENT,
  KERNEL_QLINEAR_AVERAGE,
  KERNEL_COUNT,
};

extern const kernel kernels[KERNEL_COUNT];

void kernel_copy(const uint32_t *parameters);
void kernel_fill(const uint32_t *parameters);
void kernel_copy_indexed(const uint32_t *parameters);
void kernel_gather(const uint32_t *parameters);
void kernel_where(const uint32_t *parameters);
void kernel_unary(const uint32_t *parameters);
void kernel_binary(const uint32_t *parameters);
void kernel_cast(const uint32_t *parameters);
void kernel_integer_binary(const uint32_t *parameters);
void kernel_lookup(const uint32_t *parameters);
void kernel_qlinear_binary(const uint32_t *parameters);
void kernel_quantise(const uint32_t *parameters);
void kernel_dequantise(const uint32_t *parameters);
void kernel_convolution_integer(const uint32_t *parameters);
void kernel_convolution_float(const uint32_t *parameters);
void kernel_depthwise_integer(const uint32_t *parameters);
void kernel_depthwise_float(const uint32_t *parameters);
void kernel_product_integer(const uint32_t *parameters);
void kernel_product_float(const uint32_t *parameters);
void kernel_pool(const uint32_t *parameters);
void kernel_reduce(const uint32_t *parameters);
void kernel_softmax(const uint32_t *parameters);
void kernel_qlinear_softmax(const uint32_t *parameters);
void kernel_normalise(const uint32_t *parameters);
void kernel_argument(const uint32_t *parameters);
void kernel_qlinear_average(const uint32_t *parameters);

/* Room for temporary rows: cpu_firmware.heap_bytes, shared by all kernels, which run one after the
 * other. Ends the program when there is less than `bytes`. */
void *kernel_scratch(uint32_t bytes);

/* The number whose bit pattern is a parameter. */
static inline float float_of(uint32_t pattern) {
  float value;
  __builtin_memcpy(&value, &pattern, sizeof value);
  return value;
}

static inline uint32_t pattern_of(float value) {
  uint32_t pattern;
  __builtin_memcpy(&pattern, &value, sizeof pattern);
  return pattern;
}

/* Memory at an address of the parameters. */
static inline uint8_t *bytes_at(uint32_t address) { return (uint8_t *)(uintptr_t)address; }

#endif
