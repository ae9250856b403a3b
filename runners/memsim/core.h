/*
 * One vCPU's counters and the structures it looks its data accesses up in.
 *
 * Every vCPU is a core of its own with private TLBs and L1D; cores have an L2 each, or share one and lock it.
 * Nothing models coherence. Only its own vCPU writes a core; the thread that ends a region reads all of them.
 */
#ifndef MEMSIM_CORE_H
#define MEMSIM_CORE_H

#include "lru.h"
#include "options.h"
#include "pages.h"
#include "timed.h"
#include "walker.h"

#define MAX_CORES 4096u

/* What there is to know of an access besides its address. */
struct kind {
    uint8_t extent; /* bytes - 1 */
    uint8_t store;  /* 0 or 1; a read-modify-write is a store */
};

struct counts {
    uint64_t instructions;
    uint64_t accesses[2]; /* [0] loads, [1] stores */
    uint64_t misses[LEVELS][2];
    uint64_t walk_loads; /* entries of the page table that were read */
    uint64_t zeroed_blocks; /* DC ZVA on arm64: stores that QEMU does not show to plugins */
};

#define LINE_SHIFT 6 /* bytes of a cache line: 64 on every core there is a geometry for */

/*
 * Where a line or a page was found last. Only a hint: it is compared with the way's key, so nobody need
 * keep it true.
 */
#define LINE_HINTS 4096u
#define PAGE_HINTS 256u

struct core {
    uint64_t time; /* two steps an access, since it may be to two lines */
    struct counts counts;
    struct timed dtlb, l1d;
    struct lru stlb, l2;
    struct walker walker;
    uint64_t mapping_length; /* of the mmap or mremap that is under way */
    bool mapping_is_huge;
    struct way nothing; /* what a hint points at before it is one */
    struct way *line_hints[LINE_HINTS], *page_hints[PAGE_HINTS];
};

/* An aligned addition in memory: who reads in another thread sees some recent value, never half of one. */
static inline void bump(uint64_t *counter, uint64_t by)
{
    *counter += by;
}

/* Reserve room for MAX_CORES cores of this geometry. Returns false where the host refuses. */
bool cores_init(const struct options *options);

/* The core of a vCPU below MAX_CORES; empty and cold when seen for the first time. */
struct core *core_start(unsigned vcpu);
struct core *core_of(unsigned vcpu);

/* vCPUs seen so far. More than MAX_CORES means that some were not modelled. */
unsigned cores_seen(void);

/* Sum over all cores. Exact where the other vCPUs stand still, otherwise as of about now. */
struct counts cores_total(void);

/* The pages of [start, start + length) are mapped anew, or no more: the kernel flushes them from the TLB. */
void core_flush_pages(struct core *core, uint64_t start, uint64_t length);

/*
 * Look up page and line of the first and, where that is on another line, of the last byte. Not inlined, so
 * that the common case needs no more registers than a leaf function has.
 */
void core_touch(struct core *core, uint64_t address, struct kind kind);

/*
 * One access. Nearly all are aligned, and to one line that is in the L1D and knows where its page is in the
 * TLB: they hit, and leave the time behind in both.
 */
static inline void core_access(struct core *core, uint64_t address, struct kind kind)
{
    uint64_t line = (address + kind.extent) >> LINE_SHIFT; /* the last, which is not at the first one's hint */
    struct way *here = core->line_hints[address >> LINE_SHIFT & (LINE_HINTS - 1)], *page = here->page;
    uint64_t now = core->time += 2;
    bump(&core->counts.accesses[kind.store], 1);
    uint64_t other = (here->key ^ line) | (page->key ^ here->page_key);
    if (__builtin_expect(other != 0, 0))
        return core_touch(core, address, kind);
    here->used = page->used = now;
}

#endif
