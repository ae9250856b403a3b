/*
 * Walks of the page table, from the lowest entry that a walk cache holds.
 *
 * A table has 512 entries of 8 bytes, so an entry of level n maps 4 KiB * 512^n; entries of level 0, and of
 * level 1 for a huge page, are what TLBs hold, all others what the walk cache does. Source: Intel 64 and
 * IA-32 Architectures Software Developer's Manual, volume 3, 4.10.3 "Paging-Structure Caches"; Arm's and
 * RISC-V's tables with pages of 4 KiB have the same shape.
 */
#ifndef MEMSIM_WALKER_H
#define MEMSIM_WALKER_H

#include "lru.h"

struct walker {
    struct lru cache; /* of one set */
    unsigned levels;  /* of the page table; 0 where walks are not modelled */
};

/* Walk to the entry of `leaf` (0, or 1 for a huge page) that maps `address`; return how many entries are read. */
unsigned walker_walk(struct walker *walker, uint64_t address, unsigned leaf);

/* An invalidated page takes all entries with it (the same manual, 4.10.4.1, on INVLPG). */
void walker_flush(struct walker *walker);

#endif
