#include "pages.h"

#include <stddef.h>
#include <sys/mman.h>

#define GRANULES (1ull << (ADDRESS_BITS - HUGE_SHIFT))
#define GRANULE_MASK ((1ull << HUGE_SHIFT) - 1)

uint8_t *huge_granules;

bool pages_init(void)
{
    void *map = mmap(NULL, GRANULES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    huge_granules = map == MAP_FAILED ? NULL : map;
    return huge_granules;
}

static void set_granules(uint64_t first, uint64_t end, uint8_t huge)
{
    for (uint64_t granule = first; granule < end && granule < GRANULES; granule++)
        /* reading first keeps the zero pages of the map untouched when an ordinary range is forgotten */
        if (__atomic_load_n(&huge_granules[granule], __ATOMIC_RELAXED) != huge)
            __atomic_store_n(&huge_granules[granule], huge, __ATOMIC_RELAXED);
}

void pages_advise(uint64_t start, uint64_t length)
{
    start &= ADDRESS_MASK;
    set_granules((start + GRANULE_MASK) >> HUGE_SHIFT, range_end(start, length) >> HUGE_SHIFT, 1);
}

void pages_forget(uint64_t start, uint64_t length)
{
    start &= ADDRESS_MASK;
    set_granules(start >> HUGE_SHIFT, (range_end(start, length) + GRANULE_MASK) >> HUGE_SHIFT, 0);
}

bool pages_advised(uint64_t start, uint64_t length)
{
    start &= ADDRESS_MASK;
    uint64_t first = (start + GRANULE_MASK) >> HUGE_SHIFT;
    return (first + 1) << HUGE_SHIFT <= range_end(start, length) && page_is_huge(first << HUGE_SHIFT);
}
