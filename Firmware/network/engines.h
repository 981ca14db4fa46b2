/* The engines of a plan: which commands they have completed, and giving them new ones. */
#ifndef ENGINES_H
#define ENGINES_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/* Prepares everything; engine 0 is the core. Exits with code 1 when the plan is none. */
void engines_open(const struct plan_header *plan);

/* Gives every device the commands whose turn has come. Call with interrupts off. */
void engines_issue(void);

/* The core's next command, tag set; NULL when it must wait or there is none. Call with interrupts
 * off. */
const uint32_t *engines_core_command(void);

/* Notes that the core has executed the command that it took. Call with interrupts off. */
void engines_core_completed(void);

/* Whether every command of every engine is complete. */
bool engines_are_done(void);

/* Sleeps until a device has completed something. Call with interrupts off. */
void engines_wait(void);

#endif
