/* A pointer chase: dependent loads in one random cycle. What one step reaches is the workload's choice. */
#ifndef PAGEWALK_CHASE_H
#define PAGEWALK_CHASE_H

#include "workload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CHASE_LINE = 64, CHASE_PAGE = 4096, CHASE_HUGE = 2 << 20, CHASE_STEPS = 1 << 16 };

/* Maps `bytes` at a 2 MiB boundary, advised to huge pages or against them, all of it touched. */
static char *chase_map(size_t bytes, int huge)
{
    size_t whole = (bytes + CHASE_HUGE - 1) & ~((size_t)CHASE_HUGE - 1);
    char *mapping = mmap(NULL, whole + CHASE_HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED)
        give_up("mmap");
    mapping = (char *)(((uintptr_t)mapping + CHASE_HUGE - 1) & ~(uintptr_t)(CHASE_HUGE - 1));
    /* A kernel without transparent huge pages answers EINVAL: then there are only small ones. */
    (void)madvise(mapping, whole, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    memset(mapping, 0, whole);
    return mapping;
}

/* Links `count` cells into one random cycle; `cell(i)` is the address of the i-th. Returns the first. */
static void *chase_link(uint32_t count, void *(*cell)(uint32_t))
{
    uint32_t *next = malloc(count * sizeof *next);
    if (!next)
        give_up("malloc");
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

#endif
