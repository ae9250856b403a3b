/*
 * Accesses of a block of guest code that are known from one another.
 *
 * Of a call of the plugin for each access, half of the time goes into the call. But where the addresses of two
 * accesses differ by a constant, as those of a frame's or a structure's members do, the first one tells the other.
 * So a block has groups: an access that QEMU tells, its leader, and those after it, in order, whose addresses follow
 * from its own or from an earlier leader's in the block.
 */
#ifndef MEMSIM_GROUPS_H
#define MEMSIM_GROUPS_H

#include "core.h"
#include "effects.h"

struct step {
    int64_t offset; /* from core->bases[base] */
    uint8_t base;
    struct kind kind;
};

struct group {
    size_t leader;     /* which instruction of the block */
    uint64_t moved[2]; /* how many loads and stores there are, the leader's as well */
    uint32_t own;      /* accesses of the leader itself, the first steps; QEMU tells all of them */
    uint32_t count;
    struct step steps[]; /* what the first one's address is less its offset goes to core->bases[base] */
};

/* What an instruction needs so that all its accesses are seen. */
enum watch {
    WATCHED, /* all that it does is told by QEMU */
    LEADING, /* it leads a group */
    SILENT,  /* it accesses nothing, or a group has it */
};

struct plan {
    enum watch *watches; /* one an instruction */
    struct group **groups; /* in the order of their leaders; they stay, for the code that is being translated */
    size_t count;
};

struct code_view { /* an instruction's bytes */
    const unsigned char *code;
    size_t size;
    uint64_t pc;
};

/* The plan for a block; valid until the next one is made by the same thread. */
const struct plan *groups_plan(const struct code_view *instructions, size_t count);

#endif
