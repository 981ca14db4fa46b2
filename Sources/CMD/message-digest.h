/* SHA-256 of the BSD message digest library (Debian: libmd-dev). */
#include <sys/types.h>
#include <sha256.h>
