#include "core.h"

#include <pthread.h>
#include <sys/mman.h>

static char *arena;
static size_t stride;
static const struct options *geometry;
static unsigned seen;
static pthread_mutex_t shared_l2 = PTHREAD_MUTEX_INITIALIZER;

static size_t round_up(size_t bytes)
{
    return (bytes + 4095) & ~(size_t)4095;
}

/* A word a way: see `lines` of a core. */
static size_t lines_bytes(struct shape dtlb)
{
    return sizeof(uint64_t) * dtlb.sets * dtlb.ways;
}

bool cores_init(const struct options *options)
{
    geometry = options;
    stride = round_up(sizeof(struct core));
    if (options->full)
        stride += round_up(timed_bytes(options->dtlb)) + round_up(timed_bytes(options->l1d));
    if (stride > UINT32_MAX) /* that is how far shortcuts reach */
        return false;
    if (options->full)
        stride += round_up(lines_bytes(options->dtlb)) + round_up(lru_bytes(options->stlb)) +
                  round_up(lru_bytes(options->l2)) + round_up(lru_bytes(options->walk)) +
                  round_up(lru_bytes(options->itlb)) + round_up(lru_bytes(options->l1i));
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

/* The next piece of a core's memory, which is zero. */
static void *take(char **memory, size_t bytes)
{
    char *piece = *memory;
    *memory += round_up(bytes);
    return piece;
}

static void forget_shortcuts(struct core *core)
{
    for (unsigned i = 0; i < SHORTCUTS; i++)
        core->shortcuts[i].line = NO_KEY;
}

static void forget_shortcut(struct core *core, uint64_t line)
{
    struct shortcut *cut = &core->shortcuts[line & (SHORTCUTS - 1)];
    if (cut->line == line)
        cut->line = NO_KEY;
}

struct core *core_start(unsigned vcpu)
{
    note_seen(vcpu);
    if (vcpu >= MAX_CORES)
        return NULL;
    struct core *core = core_of(vcpu);
    /* QEMU gives the number of a thread that ended to the next one: that is a core that goes on. */
    if (!geometry->full || core->dtlb.ways)
        return core;
    char *memory = (char *)core + round_up(sizeof(struct core));
    core->dtlb = timed_over(take(&memory, timed_bytes(geometry->dtlb)), geometry->dtlb);
    core->l1d = timed_over(take(&memory, timed_bytes(geometry->l1d)), geometry->l1d);
    core->lines = take(&memory, lines_bytes(geometry->dtlb));
    core->stlb = lru_over(take(&memory, lru_bytes(geometry->stlb)), geometry->stlb);
    core->l2 = lru_over(take(&memory, lru_bytes(geometry->l2)), geometry->l2);
    core->itlb = lru_over(take(&memory, lru_bytes(geometry->itlb)), geometry->itlb);
    core->l1i = lru_over(take(&memory, lru_bytes(geometry->l1i)), geometry->l1i);
    core->walker.cache = lru_over(take(&memory, lru_bytes(geometry->walk)), geometry->walk);
    core->walker.levels = geometry->walk_levels;
    if (geometry->shared && vcpu)
        core->l2 = core_start(0)->l2;
    core->nothing = (struct way){.key = NO_KEY};
    forget_shortcuts(core);
    for (unsigned i = 0; i < PAGE_HINTS; i++)
        core->page_hints[i] = &core->nothing;
    return core;
}

static void purge(struct core *core, uint64_t first, uint64_t last)
{
    forget_shortcuts(core);
    timed_purge(&core->dtlb, first, last + 1);
    lru_purge(&core->stlb, first, last + 1);
    if (core->itlb.ways)
        lru_purge(&core->itlb, first, last + 1);
    walker_flush(&core->walker);
}

void core_flush_pages(struct core *core, uint64_t start, uint64_t length)
{
    start &= ADDRESS_MASK;
    if (!length || !core->dtlb.ways)
        return;
    uint64_t last = range_end(start, length) - 1;
    purge(core, start >> PAGE_SHIFT, last >> PAGE_SHIFT);
    purge(core, HUGE_KEY | (start >> HUGE_SHIFT), HUGE_KEY | (last >> HUGE_SHIFT));
}

static uint64_t *lines_of(const struct core *core, const struct way *page)
{
    return &core->lines[page - core->dtlb.sets];
}

/* A page leaves the first-level TLB, and its lines their shortcuts. */
static void forget_page(struct core *core, const struct way *page)
{
    uint64_t *lines = lines_of(core, page);
    if (page->key & HUGE_KEY)
        forget_shortcuts(core);
    else
        for (uint64_t left = *lines; left; left &= left - 1)
            forget_shortcut(core, page->key << (PAGE_SHIFT - LINE_SHIFT) | (unsigned)__builtin_ctzll(left));
    *lines = 0;
}

static inline struct way *touch_page(struct core *core, uint64_t address, unsigned store)
{
    uint64_t key = tlb_key(address);
    struct way **hint = &core->page_hints[key % PAGE_HINTS];
    if ((*hint)->key == key)
        return *hint;
    struct way *way = timed_look_up(&core->dtlb, key);
    if (way->key != key) {
        bump(&core->counts.misses[DTLB][store], 1);
        if (!lru_touch(&core->stlb, key)) {
            bump(&core->counts.misses[STLB][store], 1);
            if (core->walker.levels)
                bump(&core->counts.walk_loads, walker_walk(&core->walker, address, page_is_huge(address)));
        }
        forget_page(core, way);
        way->key = key;
    }
    return *hint = way;
}

/* Where cores share their L2 they take turns; a core that has one of its own never waits. */
static bool touch_l2(struct core *core, uint64_t line)
{
    if (!geometry->shared)
        return lru_touch(&core->l2, line);
    pthread_mutex_lock(&shared_l2);
    bool hit = lru_touch(&core->l2, line);
    pthread_mutex_unlock(&shared_l2);
    return hit;
}

static inline struct way *touch_line(struct core *core, uint64_t key, unsigned store)
{
    struct way *way = timed_look_up(&core->l1d, key);
    if (way->key != key) {
        bump(&core->counts.misses[L1D][store], 1);
        if (!touch_l2(core, key))
            bump(&core->counts.misses[L2][store], 1);
        forget_shortcut(core, way->key);
        way->key = key;
    }
    return way;
}

static uint32_t offset_of(const struct core *core, const struct way *way)
{
    return (uint32_t)((const char *)way - (const char *)core);
}

static inline void touch(struct core *core, uint64_t address, unsigned store, uint64_t now)
{
    uint64_t line = address >> LINE_SHIFT;
    struct way *page = touch_page(core, address, store), *way = touch_line(core, line, store);
    page->used = way->used = now;
    *lines_of(core, page) |= 1ull << (line & ((1u << (PAGE_SHIFT - LINE_SHIFT)) - 1));
    core->shortcuts[line & (SHORTCUTS - 1)] = (struct shortcut){line, offset_of(core, way), offset_of(core, page)};
}

void core_touch(struct core *core, uint64_t address, struct kind kind, uint64_t now)
{
    uint64_t last = address + kind.extent;
    touch(core, address, kind.store, now);
    if (address >> LINE_SHIFT != last >> LINE_SHIFT)
        touch(core, last, kind.store, now + 1);
}

static void fetch_page(struct core *core, uint64_t address)
{
    uint64_t key = tlb_key(address), *misses = core->counts.fetch_misses;
    if (lru_touch(&core->itlb, key))
        return;
    bump(&misses[DTLB], 1);
    if (lru_touch(&core->stlb, key))
        return;
    bump(&misses[STLB], 1);
    if (core->walker.levels)
        walker_walk(&core->walker, address, page_is_huge(address));
}

static void fetch_line(struct core *core, uint64_t line)
{
    uint64_t *misses = core->counts.fetch_misses;
    if (lru_touch(&core->l1i, line))
        return;
    bump(&misses[L1D], 1);
    if (!touch_l2(core, line))
        bump(&misses[L2], 1);
}

void core_fetch(struct core *core, uint64_t start, uint64_t end)
{
    for (uint64_t line = start >> LINE_SHIFT; line <= (end - 1) >> LINE_SHIFT; line++) {
        fetch_page(core, line << LINE_SHIFT);
        fetch_line(core, line);
    }
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
