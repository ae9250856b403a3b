/* Where in the guest's code an event occurs, within its regions of interest: a count a call stack. */
#ifndef MEMSIM_PROFILE_H
#define MEMSIM_PROFILE_H

#include "calls.h"
#include "core.h"

struct block {
    uint64_t pc, end; /* of its first instruction, and behind its last one */
    uint64_t instructions;
    enum leaving leaving;
};

/*
 * Prepare to record what `options` ask for, and nothing where they ask for nothing. With threads=on a stack
 * is the innermost function alone: who runs on a vCPU, and on which stack, is no concern of the emulator's.
 * Returns false after a line on stderr.
 */
bool profile_init(const struct options *options, const char *target);

/* A block as it is translated; `offset` is what is added to its addresses for those of the host. */
const struct block *profile_block(struct block block, uint64_t offset);

/* A vCPU begins to execute a block. */
void profile_enter(unsigned vcpu, const struct block *block);

/* The misses of the event so far, of which the growth is to be handed to `profile_misses`. */
uint64_t profile_count(const struct core *core);
void profile_misses(unsigned vcpu, uint64_t misses);

/* Write what was recorded beside the counts, as `<out>.stacks`. */
void profile_close(void);

#endif
