/*
 * A set-associative structure with true LRU replacement: a cache of lines, a TLB of pages.
 *
 * A row holds one set's tags, most recently used first, so that a miss evicts the last: compact, for
 * the large second levels. A tag is key + 1: zeroed memory is an empty structure.
 */
#ifndef MEMSIM_LRU_H
#define MEMSIM_LRU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shape {
    uint32_t sets; /* a power of two */
    uint32_t ways;
};

struct lru {
    uint64_t *rows;
    uint64_t set_mask;
    uint64_t ways;
};

static inline size_t lru_bytes(struct shape shape)
{
    return sizeof(uint64_t) * shape.sets * shape.ways;
}

static inline struct lru lru_over(void *zeroed, struct shape shape)
{
    return (struct lru){zeroed, shape.sets - 1, shape.ways};
}

static inline uint64_t *lru_row(const struct lru *lru, uint64_t key)
{
    return lru->rows + (key & lru->set_mask) * lru->ways;
}

/* Move `tag` to the front, everything before its old place (or all but the last) back by one. */
static __attribute__((noinline)) bool lru_move_to_front(uint64_t *row, uint64_t ways, uint64_t tag)
{
    uint64_t moving = row[0];
    row[0] = tag;
    for (uint64_t way = 1; way < ways; way++) {
        uint64_t here = row[way];
        row[way] = moving;
        if (here == tag)
            return true;
        moving = here;
    }
    return false;
}

/* Whether `key` is there; changes nothing. */
static inline bool lru_holds(const struct lru *lru, uint64_t key)
{
    const uint64_t *row = lru_row(lru, key);
    for (uint64_t way = 0; way < lru->ways; way++)
        if (row[way] == key + 1)
            return true;
    return false;
}

/* Take out every key from `first` to before `end`; the others keep their order. */
static inline void lru_purge(struct lru *lru, uint64_t first, uint64_t end)
{
    for (uint64_t set = 0; set <= lru->set_mask; set++) {
        uint64_t *row = lru->rows + set * lru->ways, kept = 0;
        for (uint64_t way = 0; way < lru->ways; way++) {
            uint64_t tag = row[way];
            row[way] = 0;
            if (tag && (tag - 1 < first || tag - 1 >= end))
                row[kept++] = tag;
        }
    }
}

/* Access `key`; return whether it was there. Afterwards it is there, and the most recently used. */
static inline bool lru_touch(struct lru *lru, uint64_t key)
{
    uint64_t *row = lru_row(lru, key);
    if (__builtin_expect(row[0] == key + 1, 1))
        return true;
    return lru_move_to_front(row, lru->ways, key + 1);
}

#endif
