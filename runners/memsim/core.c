#include "core.h"

#include <string.h>
#include <sys/mman.h>

static char *arena;
static size_t stride;
static const struct shape *shapes[LEVELS];
static unsigned seen;

static size_t round_up(size_t bytes)
{
    return (bytes + 4095) & ~(size_t)4095;
}

bool cores_init(const struct options *options)
{
    const struct shape *all[LEVELS] = {&options->dtlb, &options->stlb, &options->l1d, &options->l2};
    stride = round_up(sizeof(struct core));
    for (int level = 0; level < LEVELS && options->full; level++) {
        shapes[level] = all[level];
        stride += round_up(lru_bytes(*all[level]));
    }
    /* Reserved, not committed: a core's pages exist from its first access on. */
    void *memory = mmap(NULL, stride * MAX_CORES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    arena = memory == MAP_FAILED ? NULL : memory;
    return arena;
}

struct core *core_of(unsigned vcpu)
{
    return (struct core *)(arena + stride * vcpu);
}

static void note_seen(unsigned vcpu)
{
    unsigned before = __atomic_load_n(&seen, __ATOMIC_RELAXED);
    while (vcpu >= before &&
           !__atomic_compare_exchange_n(&seen, &before, vcpu + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

struct core *core_start(unsigned vcpu)
{
    note_seen(vcpu);
    if (vcpu >= MAX_CORES)
        return NULL;
    struct core *core = core_of(vcpu);
    char *rows = (char *)core + round_up(sizeof(struct core));
    /* QEMU gives the number of a thread that ended to the next one: that is a core that goes on. */
    for (int level = 0; level < LEVELS && shapes[level] && !core->levels[level].ways; level++) {
        core->levels[level] = lru_over(rows, *shapes[level]);
        rows += round_up(lru_bytes(*shapes[level]));
    }
    return core;
}

void core_flush_pages(struct core *core, uint64_t start, uint64_t length)
{
    start &= ADDRESS_MASK;
    if (!length || !core->levels[DTLB].ways)
        return;
    uint64_t last = range_end(start, length) - 1;
    for (int level = DTLB; level <= STLB; level++) {
        lru_purge(&core->levels[level], start >> PAGE_SHIFT, (last >> PAGE_SHIFT) + 1);
        lru_purge(&core->levels[level], HUGE_KEY | (start >> HUGE_SHIFT),
                  (HUGE_KEY | (last >> HUGE_SHIFT)) + 1);
    }
}

/*
 * Most of what is left: line and page are both among the two most recently used of their sets, and change
 * places. Without a branch, because which of the two each is cannot be foreseen. Returns false, and
 * changes nothing, where it is more than that.
 */
static inline bool touch_second(struct core *core, uint64_t address)
{
    uint64_t line = (address >> LINE_SHIFT) + 1, page = (address >> PAGE_SHIFT) + 1;
    uint64_t *lines = lru_row(&core->levels[L1D], line - 1), *pages = lru_row(&core->levels[DTLB], page - 1);
    uint64_t line0 = lines[0], line1 = lines[1], page0 = pages[0], page1 = pages[1];
    if (((line0 != line) & (line1 != line)) | ((page0 != page) & (page1 != page)))
        return false;
    lines[0] = line;
    lines[1] = line0 ^ line1 ^ line; /* the other of the two */
    pages[0] = page;
    pages[1] = page0 ^ page1 ^ page;
    return true;
}

static inline void touch_page(struct core *core, uint64_t address, unsigned store)
{
    uint64_t key = tlb_key(address);
    if (lru_touch(&core->levels[DTLB], key))
        return;
    bump(&core->counts.misses[DTLB][store], 1);
    if (!lru_touch(&core->levels[STLB], key))
        bump(&core->counts.misses[STLB][store], 1);
}

static inline void touch_line(struct core *core, uint64_t line, unsigned store)
{
    if (lru_touch(&core->levels[L1D], line))
        return;
    bump(&core->counts.misses[L1D][store], 1);
    if (!lru_touch(&core->levels[L2], line))
        bump(&core->counts.misses[L2][store], 1);
}

void core_touch(struct core *core, uint64_t first, uint64_t last, unsigned store)
{
    if (!touch_second(core, first)) {
        touch_page(core, first, store);
        touch_line(core, first >> LINE_SHIFT, store);
    }
    if (first >> LINE_SHIFT == last >> LINE_SHIFT)
        return;
    touch_page(core, last, store);
    touch_line(core, last >> LINE_SHIFT, store);
}

unsigned cores_seen(void)
{
    return __atomic_load_n(&seen, __ATOMIC_RELAXED);
}

/* A struct of counters only, so it can be summed as an array. */
static void add(struct counts *sum, struct counts *counts)
{
    uint64_t *to = (uint64_t *)sum, *from = (uint64_t *)counts;
    for (size_t i = 0; i < sizeof(struct counts) / sizeof(uint64_t); i++)
        to[i] += __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

struct counts cores_total(void)
{
    struct counts sum = {0};
    unsigned count = cores_seen();
    for (unsigned vcpu = 0; vcpu < count && vcpu < MAX_CORES; vcpu++)
        add(&sum, &core_of(vcpu)->counts);
    return sum;
}
