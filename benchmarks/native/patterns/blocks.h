/* Blocks that are counted: what a workload asked of the allocator and gave back, so that a test can hold it to what the
   allocator saw. */
#ifndef PAGEWALK_BLOCKS_H
#define PAGEWALK_BLOCKS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* anonymous mappings, also with -std=c11 */
#endif

#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { BLOCK_LEAST = 4 };

/* One a thread, on lines of its own and of the prefetcher that fetches two. */
struct tally {
    _Alignas(128) uint64_t allocated;
    uint64_t freed, bytes, freed_bytes;
};

/* Notes a block that the allocator gave, of at least BLOCK_LEAST bytes, and touches both ends of it. Its size is
   written at its head: who frees it, in whatever thread, knows what goes back, and two blocks in one place show as
   bytes that do not add up. */
static inline char *block_note(struct tally *tally, void *block, uint64_t size)
{
    if (!block)
        out_of_memory(size);
    if (size > BLOCK_LEAST)
        ((volatile char *)block)[size - 1] = 1;
    *(volatile uint32_t *)block = (uint32_t)size;
    tally->allocated++;
    tally->bytes += size;
    return block;
}

static inline char *block_new(struct tally *tally, uint64_t size)
{
    return block_note(tally, malloc((size_t)size), size);
}

/* Notes that a block is about to go back; returns its size. */
static inline uint64_t block_leave(struct tally *tally, const char *block)
{
    uint64_t size = *(const volatile uint32_t *)(const void *)block;
    tally->freed++;
    tally->freed_bytes += size;
    return size;
}

/* Frees a block; NULL is none. */
static inline void block_free(struct tally *tally, char *block)
{
    if (!block)
        return;
    block_leave(tally, block);
    free(block);
}

/* Bytes asked for and alive. */
static inline uint64_t tally_live(const struct tally *tally) { return tally->bytes - tally->freed_bytes; }

static inline void tally_add(struct tally *sum, const struct tally *other)
{
    sum->allocated += other->allocated;
    sum->freed += other->freed;
    sum->bytes += other->bytes;
    sum->freed_bytes += other->freed_bytes;
}

/* Prints the check of a workload of blocks, with one count more where `more` names it. */
static inline void tally_tell(const struct tally *tally, const char *more, uint64_t count)
{
    printf("{\"check\": {\"allocated\": %" PRIu64 ", \"freed\": %" PRIu64 ", \"allocated_bytes\": %" PRIu64
           ", \"freed_bytes\": %" PRIu64,
           tally->allocated, tally->freed, tally->bytes, tally->freed_bytes);
    if (more)
        printf(", \"%s\": %" PRIu64, more, count);
    puts("}}");
}

/* A table of the workload's own, all zero and resident. It is mapped: the allocator under test sees blocks only. */
static inline void *table_new(uint64_t count, size_t size)
{
    size_t bytes = (size_t)count * size;
    char *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        out_of_memory(bytes);
    for (size_t at = 0; at < bytes; at += 4096)
        ((volatile char *)table)[at] = 0;
    return table;
}

#endif
