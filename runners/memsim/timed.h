/*
 * A set-associative structure with true LRU replacement that is hit far more often than missed.
 *
 * A use writes the time into its way and moves nothing; only a miss looks for the oldest way of its set.
 */
#ifndef MEMSIM_TIMED_H
#define MEMSIM_TIMED_H

#include "lru.h"

#define NO_KEY UINT64_MAX

struct way {
    uint64_t key;      /* NO_KEY where the way is empty */
    uint64_t used;     /* when it was accessed last; 0 where it is empty */
    struct way *page;  /* of a line: where its page was in the TLB when it was looked up last ... */
    uint64_t page_key; /* ... and the key that is there for as long as the page is */
};

struct timed {
    struct way *sets;
    uint64_t set_mask;
    uint64_t ways;
};

static inline size_t timed_bytes(struct shape shape)
{
    return sizeof(struct way) * shape.sets * shape.ways;
}

/* Take out every key from `first` to before `end`. */
static inline void timed_purge(struct timed *timed, uint64_t first, uint64_t end)
{
    for (uint64_t i = 0; i < (timed->set_mask + 1) * timed->ways; i++)
        if (timed->sets[i].key >= first && timed->sets[i].key < end)
            timed->sets[i] = (struct way){.key = NO_KEY};
}

static inline struct timed timed_over(void *zeroed, struct shape shape)
{
    struct timed timed = {zeroed, shape.sets - 1, shape.ways};
    timed_purge(&timed, 0, 1);
    return timed;
}

static inline struct way *timed_set(const struct timed *timed, uint64_t key)
{
    return timed->sets + (key & timed->set_mask) * timed->ways;
}

/* The way that holds `key`, or NULL. */
static inline struct way *timed_find(const struct timed *timed, uint64_t key)
{
    struct way *set = timed_set(timed, key);
    for (uint64_t way = 0; way < timed->ways; way++)
        if (set[way].key == key)
            return &set[way];
    return NULL;
}

/* Put `key` in place of the least recently used of its set, or into an empty way. */
static inline struct way *timed_replace(const struct timed *timed, uint64_t key)
{
    struct way *set = timed_set(timed, key);
    uint64_t oldest = 0, since = set[0].used;
    for (uint64_t way = 1; way < timed->ways; way++) {
        uint64_t used = set[way].used;
        oldest = used < since ? way : oldest; /* no branch: which is the oldest cannot be foreseen */
        since = used < since ? used : since;
    }
    set[oldest].key = key;
    return &set[oldest];
}

#endif
