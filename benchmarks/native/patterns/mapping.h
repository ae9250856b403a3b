/* Memory straight from the kernel, on pages of a known kind: no allocator has a say. */
#ifndef PAGEWALK_MAPPING_H
#define PAGEWALK_MAPPING_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* madvise, also with -std=c11 */
#endif

#include "workload.h"

#include <sys/mman.h>

enum { SMALL_PAGE = 4096, HUGE_PAGE = 2 << 20 };

/* Maps at least `bytes` at a 2 MiB boundary, nothing of it touched; ends the process where there is no room. */
static inline char *map_aligned(uint64_t bytes)
{
    if (bytes > SIZE_MAX - 2 * (size_t)HUGE_PAGE)
        out_of_memory(bytes);
    size_t whole = ((size_t)bytes + HUGE_PAGE - 1) & ~((size_t)HUGE_PAGE - 1);
    char *mapping = mmap(NULL, whole + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED)
        give_up("mmap");
    return (char *)(((uintptr_t)mapping + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
}

/* Asks for huge pages, or for none, where `mapping` is not touched yet. */
static inline void choose_pages(char *mapping, uint64_t bytes, int huge)
{
    /* A kernel without transparent huge pages answers EINVAL: then there are only small ones. */
    (void)madvise(mapping, (size_t)bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

/* Writes `value` to the first byte of each 4 KiB. */
static inline void write_pages(char *mapping, uint64_t pages, char value)
{
    for (uint64_t page = 0; page < pages; page++)
        *(volatile char *)(mapping + (size_t)page * SMALL_PAGE) = value;
}

/* Reads the first byte of each 4 KiB; returns their sum. */
static inline uint64_t read_pages(const char *mapping, uint64_t pages)
{
    uint64_t sum = 0;
    for (uint64_t page = 0; page < pages; page++)
        sum += *(const volatile unsigned char *)(mapping + (size_t)page * SMALL_PAGE);
    return sum;
}

#endif
