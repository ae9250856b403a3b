/* A pointer chase: dependent loads in one random cycle. What one step reaches is the workload's choice. */
#ifndef PAGEWALK_CHASE_H
#define PAGEWALK_CHASE_H

#include "mapping.h"
#include "workload.h"

#include <stdlib.h>

enum { CHASE_LINE = 64, CHASE_STEPS = 1 << 16 };

/* Maps `bytes` on small pages or on huge ones, all of them touched. */
static inline char *chase_map(uint64_t bytes, int huge)
{
    char *mapping = map_aligned(bytes);
    choose_pages(mapping, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE, huge);
    write_pages(mapping, (bytes + SMALL_PAGE - 1) / SMALL_PAGE, 0);
    return mapping;
}

/* Orders `count` cells into one cycle (Sattolo, 1986): next[i] is the cell after i. */
static void sattolo(uint32_t *next, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        next[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t j = (uint32_t)random_below(i), kept = next[i];
        next[i] = next[j];
        next[j] = kept;
    }
}

/* Links `count` cells into one random cycle; `cell(i)` is the address of the i-th. Returns the first. */
static void *chase_link(uint32_t count, void *(*cell)(uint32_t))
{
    uint32_t *next = malloc(count * sizeof *next);
    if (!next)
        out_of_memory(count * (uint64_t)sizeof *next);
    sattolo(next, count);
    for (uint32_t i = 0; i < count; i++)
        *(void **)cell(i) = cell(next[i]);
    free(next);
    return cell(0);
}

/* Goes whole rounds of the cycle, CHASE_STEPS steps or a little more; returns the steps.
   Nothing but the chain is loaded: the rest stays in registers. */
static uint64_t chase_go(void **at, uint32_t count)
{
    uint64_t steps = (CHASE_STEPS + (uint64_t)count - 1) / count * count;
    void *here = *at;
    for (uint64_t i = 0; i < steps; i++)
        here = *(void *volatile *)here;
    *at = here;
    return steps;
}

/* Counts the different cells from `start` until it comes round; a broken chain would crash or never end at `most`. */
static uint64_t chase_length(void *start, uint64_t most)
{
    uint64_t length = 1;
    for (void *here = *(void **)start; here != start && length <= most; here = *(void **)here)
        length++;
    return length;
}

#endif
