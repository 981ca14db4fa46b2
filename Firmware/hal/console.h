/* Text output: to the UART, or to the host interface where there is no UART. */
#ifndef CONSOLE_H
#define CONSOLE_H

/* Sends a character. */
void console_put(char character);

/* The same by the name that Swift's own print uses; returns the character. */
int putchar(int character);

/* Sends a string as it is. */
void console_write(const char *text);

/* Formatted output: %d %i %u %x %X %p %c %s %%, flags - and 0, a width (also *), lengths l and ll.
 */
__attribute__((format(printf, 1, 2))) void print(const char *format, ...);

#endif
