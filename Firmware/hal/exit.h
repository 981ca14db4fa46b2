/* The end of the program. */
#ifndef EXIT_H
#define EXIT_H

/* Ends the simulation with an exit code of 0 to 255. */
_Noreturn void exit(int code);

#endif
