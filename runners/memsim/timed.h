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
    uint64_t key;  /* NO_KEY where the way is empty */
    uint64_t used; /* when it was accessed last; 0 where it is empty */
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
    struct timed timed = {zeroed, shape.sets - 1, shape.ways}; /* every way holds key 0, so far */
    timed_purge(&timed, 0, 1);
    return timed;
}

static inline struct way *timed_set(const struct timed *timed, uint64_t key)
{
    return timed->sets + (key & timed->set_mask) * timed->ways;
}

/* The way that holds `key`; where there is none, the one to replace: empty, or the least recently used. */
static inline struct way *timed_look_up(const struct timed *timed, uint64_t key)
{
    struct way *set = timed_set(timed, key), *oldest = set;
    uint64_t since = UINT64_MAX;
    for (struct way *way = set; way < set + timed->ways; way++) {
        if (way->key == key)
            return way;
        bool older = way->used < since; /* no branch on it: which is the oldest cannot be foreseen */
        oldest = older ? way : oldest;
        since = older ? way->used : since;
    }
    return oldest;
}

#endif
