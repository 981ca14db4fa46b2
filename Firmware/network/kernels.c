#include "kernels.h"

#include "console.h"
#include "exit.h"

/* From the linker script. */
extern char __heap_start[], __heap_end[];

void *kernel_scratch(uint32_t bytes) {
  if (bytes > (uintptr_t)__heap_end - (uintptr_t)__heap_start) {
    print("error: cpu_firmware.heap_bytes: %u bytes are needed\n", (unsigned)bytes);
    exit(1);
  }
  return __heap_start;
}

const kernel kernels[KERNEL_COUNT] = {
    [KERNEL_COPY] = kernel_copy,
    [KERNEL_FILL] = kernel_fill,
    [KERNEL_COPY_INDEXED] = kernel_copy_indexed,
    [KERNEL_GATHER] = kernel_gather,
    [KERNEL_WHERE] = kernel_where,
    [KERNEL_UNARY] = kernel_unary,
    [KERNEL_BINARY] = kernel_binary,
    [KERNEL_CAST] = kernel_cast,
    [KERNEL_INTEGER_BINARY] = kernel_integer_binary,
    [KERNEL_LOOKUP] = kernel_lookup,
    [KERNEL_QLINEAR_BINARY] = kernel_qlinear_binary,
    [KERNEL_QUANTISE] = kernel_quantise,
    [KERNEL_DEQUANTISE] = kernel_dequantise,
    [KERNEL_CONVOLUTION_INTEGER] = kernel_convolution_integer,
    [KERNEL_CONVOLUTION_FLOAT] = kernel_convolution_float,
    [KERNEL_DEPTHWISE_INTEGER] = kernel_depthwise_integer,
    [KERNEL_DEPTHWISE_FLOAT] = kernel_depthwise_float,
    [KERNEL_PRODUCT_INTEGER] = kernel_product_integer,
    [KERNEL_PRODUCT_FLOAT] = kernel_product_float,
    [KERNEL_POOL] = kernel_pool,
    [KERNEL_REDUCE] = kernel_reduce,
    [KERNEL_SOFTMAX] = kernel_softmax,
    [KERNEL_QLINEAR_SOFTMAX] = kernel_qlinear_softmax,
    [KERNEL_NORMALISE] = kernel_normalise,
    [KERNEL_ARGUMENT] = kernel_argument,
    [KERNEL_QLINEAR_AVERAGE] = kernel_qlinear_average,
};
