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
    uint64_t fetch_misses[LEVELS]; /* of instructions: [DTLB] and [L1D] are those of the iTLB and the L1I */
    uint64_t walk_loads; /* for data: entries of the page table that were read */
    uint64_t zeroed_blocks; /* DC ZVA on arm64: stores that QEMU does not show to plugins */
};

#define LINE_SHIFT 6 /* bytes of a cache line: 64 on every core there is a geometry for */

/*
 * Where a line of the L1D is whose page is in the first-level TLB as well. Who takes either out takes the shortcut
 * away, so that what is found here is a hit in both.
 */
struct shortcut {
    uint64_t line; /* NO_KEY where there is none */
    uint32_t way, page; /* bytes from the core: small, so that a host's own L1D has room for all of them */
};

#define SHORTCUTS 1024u
#define PAGE_HINTS 256u /* where a page was found last; compared with the way's key, so nobody need keep it true */

/* Of addresses that are known from others while a block is executed (groups.h); base 0 is 0. */
#define BASES 16u

struct core {
    uint64_t bases[BASES];
    uint32_t awaited; /* which access of its own a group's leader will be told of next; 0 for none */
    uint64_t time;
    struct counts counts;
    struct timed dtlb, l1d;
    uint64_t *lines; /* of the page in each way of the dtlb: which of its 64 lines may have a shortcut, a bit each */
    struct lru stlb, l2;
    struct lru itlb, l1i;
    struct walker walker;
    uint64_t mapping_length; /* of the mmap or mremap that is under way */
    bool mapping_is_huge;
    struct way nothing; /* what a hint points at before it is one */
    struct way *page_hints[PAGE_HINTS];
    struct shortcut shortcuts[SHORTCUTS];
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

/* Instructions are fetched from [start, end): every line is looked up once, and every page at each of its lines. */
void core_fetch(struct core *core, uint64_t start, uint64_t end);

/* The pages of [start, start + length) are mapped anew, or no more: the kernel flushes them from the TLB. */
void core_flush_pages(struct core *core, uint64_t start, uint64_t length);

/*
 * Look up page and line of the first and, where that is on another line, of the last byte, at `now` and just after.
 * Not inlined, so that the common case needs few registers.
 */
void core_touch(struct core *core, uint64_t address, struct kind kind, uint64_t now);

#define STEP 2u /* of time, an access: it may be to two lines */

/*
 * Whether an access hits in both, which nearly all do: they are aligned, and have a shortcut. Then it leaves the time
 * behind in the way of its line and in that of its page; otherwise nothing has happened yet.
 */
static inline struct way *way_at(struct core *core, uint32_t offset)
{
    return (struct way *)((char *)core + offset);
}

static inline bool core_hits(struct core *core, uint64_t address, struct kind kind, uint64_t now)
{
    const struct shortcut *cut = &core->shortcuts[address >> LINE_SHIFT & (SHORTCUTS - 1)];
    /* of the last byte's line, which is not at the first one's place */
    if (__builtin_expect(cut->line != (address + kind.extent) >> LINE_SHIFT, 0))
        return false;
    way_at(core, cut->way)->used = way_at(core, cut->page)->used = now;
    return true;
}

static inline void core_access(struct core *core, uint64_t address, struct kind kind)
{
    bump(&core->counts.accesses[kind.store], 1);
    uint64_t now = core->time += STEP;
    if (!core_hits(core, address, kind, now))
        core_touch(core, address, kind, now);
}

#endif
