/* A pointer chase: dependent loads in one random cycle. What one step reaches is the workload's choice. */
#ifndef PAGEWALK_CHASE_H
#define PAGEWALK_CHASE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* madvise, also with -std=c11 */
#endif

#include "workload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CHASE_LINE = 64, CHASE_PAGE = 4096, CHASE_HUGE = 2 << 20, CHASE_STEPS = 1 << 16 };

/* Maps `bytes` at a 2 MiB boundary, advised to huge pages or against them, all of it touched. */
static char *chase_map(uint64_t bytes, int huge)
{
    if (bytes > SIZE_MAX - 2 * (size_t)CHASE_HUGE)
        out_of_memory(bytes);
    size_t whole = ((size_t)bytes + CHASE_HUGE - 1) & ~((size_t)CHASE_HUGE - 1);
    char *mapping = mmap(NULL, whole + CHASE_HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED)
        give_up("mmap");
    mapping = (char *)(((uintptr_t)mapping + CHASE_HUGE - 1) & ~(uintptr_t)(CHASE_HUGE - 1));
    /* A kernel without transparent huge pages answers EINVAL: then there are only small ones. */
    (void)madvise(mapping, whole, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    memset(mapping, 0, whole);
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
