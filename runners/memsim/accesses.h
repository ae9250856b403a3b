/* What a guest's data accesses do to the model: QEMU's calls, and which instructions they are asked for at. */
#ifndef MEMSIM_ACCESSES_H
#define MEMSIM_ACCESSES_H

#include "core.h"
#include "qemu_plugin.h"

/* Returns false where this QEMU describes accesses in a way that is not known. */
bool accesses_init(const struct options *options);

/* A block is translated, of which the first `sure` instructions are executed for sure: be told of its accesses. */
void accesses_watch(struct qemu_plugin_tb *block, size_t sure);

#endif
