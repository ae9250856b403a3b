/* Threads' belongings that outlive a pass: each worker has a table of blocks, random numbers and a tally. */
#ifndef PAGEWALK_WORKERS_H
#define PAGEWALK_WORKERS_H

#include "blocks.h"

enum { WORKERS_MOST = 64 };

static struct worker {
    struct tally tally;
    uint64_t random;
    char **blocks;
} workers[WORKERS_MOST];

/* Gives `count` workers, at most WORKERS_MOST, an empty table of `live` blocks each. */
static inline void workers_new(uint64_t count, uint64_t live)
{
    for (uint64_t i = 0; i < count; i++) {
        workers[i].random = next_random();
        workers[i].blocks = table_new(live, sizeof(char *));
    }
}

/* Gives back what is left in the tables, by `give_back`, which takes NULL for none. */
static inline void workers_clear(uint64_t count, uint64_t live, void (*give_back)(struct tally *, char *))
{
    for (uint64_t i = 0; i < count; i++)
        for (uint64_t at = 0; at < live; at++)
            give_back(&workers[i].tally, workers[i].blocks[at]);
}

static inline struct tally workers_tally(uint64_t count)
{
    struct tally sum = {0};
    for (uint64_t i = 0; i < count; i++)
        tally_add(&sum, &workers[i].tally);
    return sum;
}

#endif
