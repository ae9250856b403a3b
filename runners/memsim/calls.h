/* How a block of guest code is left: by a call, by a return, or otherwise; told from its last instruction. */
#ifndef MEMSIM_CALLS_H
#define MEMSIM_CALLS_H

#include <stdbool.h>
#include <stddef.h>

enum leaving { GOES_ON, CALLS, RETURNS };

/* Choose the decoder of QEMU's `target_name`. Returns false where there is none: then nothing calls. */
bool calls_init(const char *target);

enum leaving calls_leaving(const unsigned char *code, size_t size);

#endif
