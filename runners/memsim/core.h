/*
 * One vCPU's counters and the structures it looks its data accesses up in.
 *
 * Every vCPU is a core of its own with private TLBs, L1D and L2: nothing is shared, so nothing needs
 * a lock, and nothing models coherence. Only its own vCPU writes a core; the thread that ends a
 * region reads all of them, hence the relaxed atomics, which cost nothing on the machines we run on.
 */
#ifndef MEMSIM_CORE_H
#define MEMSIM_CORE_H

#include "lru.h"
#include "options.h"
#include "pages.h"

#define MAX_CORES 4096u

enum level { DTLB, STLB, L1D, L2, LEVELS };

struct counts {
    uint64_t instructions;
    uint64_t accesses[2]; /* [0] loads, [1] stores; a read-modify-write is a store */
    uint64_t misses[LEVELS][2];
    uint64_t zeroed_blocks; /* DC ZVA on arm64: stores that QEMU does not show to plugins */
};

#define LINE_SHIFT 6 /* bytes of a cache line: 64 on every core there is a geometry for */
struct core {
    struct lru levels[LEVELS];
    struct counts counts;
    uint64_t mapping_length; /* of the mmap or mremap that is under way */
    bool mapping_is_huge;
};

static inline void bump(uint64_t *counter, uint64_t by)
{
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
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

/*
 * Whether line and page are both the most recently used of their sets, as four in five are: then
 * nothing misses and no order changes. Huge pages have keys that are no page numbers, so they never are.
 */
static inline bool core_is_recent(const struct core *core, uint64_t address)
{
    uint64_t line = address >> LINE_SHIFT, page = address >> PAGE_SHIFT;
    return !(lru_distance(&core->levels[L1D], line) | lru_distance(&core->levels[DTLB], page));
}

/* The pages of [start, start + length) are mapped anew, or no more: the kernel flushes them from the TLB. */
void core_flush_pages(struct core *core, uint64_t start, uint64_t length);

/* Look up page and line of the first and, where that is on another line, of the last byte. Not inlined,
   so that the common case needs no more registers than a leaf function has. */
void core_touch(struct core *core, uint64_t first, uint64_t last, unsigned store);

/* One access to the `extent` + 1 bytes at `address`; `store` is 0 or 1. */
static inline void core_access(struct core *core, uint64_t address, unsigned extent, unsigned store)
{
    uint64_t last = address + extent;
    bump(&core->counts.accesses[store], 1);
    if (__builtin_expect((address ^ last) >> LINE_SHIFT || !core_is_recent(core, address), 0))
        core_touch(core, address, last, store);
}

#endif
