#include "walker.h"

#include "pages.h"

#define LEVEL_BITS 9
#define LEVEL_SHIFT 58 /* keys of different levels never meet */

static uint64_t key_of(uint64_t address, unsigned level)
{
    return (uint64_t)level << LEVEL_SHIFT | (address & ADDRESS_MASK) >> (PAGE_SHIFT + LEVEL_BITS * level);
}

unsigned walker_walk(struct walker *walker, uint64_t address, unsigned leaf)
{
    unsigned found = leaf + 1;
    while (found < walker->levels && !lru_holds(&walker->cache, key_of(address, found)))
        found++;
    for (unsigned level = found; level > leaf; level--) /* what was found is used, and what was read is kept */
        if (level < walker->levels)
            lru_touch(&walker->cache, key_of(address, level));
    return found - leaf;
}

void walker_flush(struct walker *walker)
{
    if (walker->levels)
        lru_purge(&walker->cache, 0, UINT64_MAX);
}
