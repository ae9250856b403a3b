/* What the plugin was asked to do: `-plugin memsim.so,out=PATH,mode=full,l1d=32768:8,…`. */
#ifndef MEMSIM_OPTIONS_H
#define MEMSIM_OPTIONS_H

#include "lru.h"

/* Lower levels are looked up where the one above misses, and are numbered as they are reported. */
enum level { DTLB, STLB, L1D, L2, LEVELS };
/* What can be recorded besides the misses of a level by data. */
enum { WALK_LOADS = LEVELS, ITLB_MISSES, L1I_MISSES, INSTRUCTIONS, NOTHING };

struct options {
    const char *out; /* absolute: the guest may change its working directory */
    bool full;       /* mode=full models TLBs and caches; mode=icount counts instructions only */
    bool threads;    /* threads=on keeps counters per vCPU; threads=off is faster and for one vCPU only */
    bool group;      /* group=off lets QEMU tell every access, also those that are known from others */
    bool check;      /* check=on lets it tell them as well, and compares */
    unsigned record; /* record=dtlb_misses keeps where in the code they are: a level, WALK_LOADS …, or NOTHING */
    bool shared;     /* shared=l2 lets all cores look up one L2 */
    struct shape l1d, l2, dtlb, stlb;
    struct shape l1i, itlb; /* with both, fetches of instructions are modelled */
    struct shape walk; /* walk=ENTRIES:LEVELS of the walk cache, and of the page table; without it no walks */
    unsigned walk_levels;
};

/*
 * Parse and validate. Caches are BYTES:WAYS with lines of 64 bytes, TLBs are ENTRIES:WAYS.
 * Returns false after one line on stderr that says which argument is wrong and why.
 */
bool options_parse(int argc, char **argv, struct options *options);

/* Whether misses of data accesses are what is recorded. */
static inline bool records_data(const struct options *options)
{
    return options->record <= WALK_LOADS;
}

#endif
