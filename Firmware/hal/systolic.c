#include "systolic.h"

#include "mmio.h"

/* Looks at the queue and notes an error. */
static void look(struct systolic *array) {
  uint32_t status = mmio_read(array->base + SYSTOLIC_STATUS);
  if (status & SYSTOLIC_STATUS_ERROR) {
    if (array->error == 0) {
      array->error = (status & SYSTOLIC_STATUS_ERROR_CODE) >> SYSTOLIC_STATUS_ERROR_CODE_SHIFT;
    }
    mmio_write(array->base + SYSTOLIC_STATUS, SYSTOLIC_STATUS_ERROR);
  }
  array->queued = (status & SYSTOLIC_STATUS_QUEUED) >> SYSTOLIC_STATUS_QUEUED_SHIFT;
  array->is_busy = (status & SYSTOLIC_STATUS_BUSY) != 0;
}

/* Clears DONE first and looks then: a job that ends in between sets DONE again and interrupts
 * again. */
static void update(struct systolic *array) {
  mmio_write(array->base + SYSTOLIC_STATUS, SYSTOLIC_STATUS_DONE);
  look(array);
}

static void interrupted(void *context) { update(context); }

/* Sleeps until a job ends. */
static void wait_for_news(struct systolic *array) {
  interrupt_wait();
#ifndef HAL_PLIC_BASE
  update(array);
#else
  (void)array;
#endif
}

static const uint16_t shadow_registers[SYSTOLIC_SHADOWS] = {
    SYSTOLIC_M, SYSTOLIC_N, SYSTOLIC_K, SYSTOLIC_FLAGS, SYSTOLIC_SCALE, SYSTOLIC_SHIFT,
};

void systolic_open(struct systolic *array) {
  mmio_write(array->base + SYSTOLIC_CTRL, SYSTOLIC_CTRL_IRQ_DONE_EN);
  update(array);
  array->error = 0;
  array->started = mmio_read(array->base + SYSTOLIC_JOBS);
  for (unsigned index = 0; index < SYSTOLIC_SHADOWS; index += 1) {
    array->shadow[index] = mmio_read(array->base + shadow_registers[index]);
  }
  interrupt_attach(array->source, interrupted, array);
}

void systolic_configure(struct systolic *array, const struct systolic_job *job) {
  const uint32_t *values = &job->m;
  for (unsigned index = 0; index < SYSTOLIC_SHADOWS; index += 1) {
    if (array->shadow[index] == values[index]) continue;
    array->shadow[index] = values[index];
    mmio_write(array->base + shadow_registers[index], values[index]);
  }
}

void systolic_start(struct systolic *array) {
  uint32_t state = interrupts_disable();
  /* The queue moves before a job ends, and only the end interrupts. */
  if (array->queued >= 2) look(array);
  while (array->queued >= 2) wait_for_news(array);
  mmio_fence();
  mmio_write(array->base + SYSTOLIC_CTRL, SYSTOLIC_CTRL_IRQ_DONE_EN | SYSTOLIC_CTRL_START);
  array->queued += 1;
  array->started += 1;
  array->is_busy = true;
  interrupts_restore(state);
}

void systolic_load_bias(
    struct systolic *array, unsigned bank, const int32_t *bias, uint32_t count) {
  uintptr_t first = array->base + (bank == 0 ? SYSTOLIC_BIAS0(0) : SYSTOLIC_BIAS1(0));
  for (uint32_t index = 0; index < count; index += 1) {
    mmio_write(first + 4 * index, (uint32_t)bias[index]);
  }
}

void systolic_wait_until(struct systolic *array, uint32_t unfinished) {
  uint32_t state = interrupts_disable();
  while (array->is_busy && array->error == 0 &&
         array->started - mmio_read(array->base + SYSTOLIC_JOBS) > unfinished) {
    wait_for_news(array);
  }
  interrupts_restore(state);
}

uint32_t systolic_wait(struct systolic *array) {
  uint32_t state = interrupts_disable();
  while (array->is_busy) wait_for_news(array);
  interrupts_restore(state);
  mmio_fence();
  return array->error;
}

const char *systolic_error_text(uint32_t code) {
  switch (code) {
    case 0: return "no error";
    case SYSTOLIC_STATUS_ERROR_CODE_BAD_SHAPE: return "the job does not fit the array";
    case SYSTOLIC_STATUS_ERROR_CODE_BAD_FLAGS:
      return "a flag is not for the array's operand type";
    case SYSTOLIC_STATUS_ERROR_CODE_QUEUE_FULL: return "started while two jobs were waiting";
    default: return "unknown error";
  }
}
