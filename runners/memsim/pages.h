/*
 * Which 2 MiB granules of the guest's address space are mapped by huge pages.
 *
 * The policy: a granule that lies wholly in a range under madvise(MADV_HUGEPAGE) is huge, as it is
 * on a kernel with transparent_hugepage=madvise and memory to spare; every other page has 4 KiB.
 * One byte a granule, written by system calls and read at each change of page, so relaxed atomics do.
 */
#ifndef MEMSIM_PAGES_H
#define MEMSIM_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_SHIFT 12
#define HUGE_SHIFT 21
#define ADDRESS_BITS 48 /* of a user address on all targets; QEMU takes arm64's tags off beforehand */

#define ADDRESS_MASK ((1ull << ADDRESS_BITS) - 1)

extern uint8_t *huge_granules;

/* The end of a range whose length comes from the guest, kept from wrapping around. */
static inline uint64_t range_end(uint64_t start, uint64_t length)
{
    return length > ADDRESS_MASK - start ? ADDRESS_MASK : start + length;
}

/* Reserve the map. Returns false where the host has no address space left for it. */
bool pages_init(void);

/* Whether the first granule wholly inside [start, start + length) is huge. */
bool pages_advised(uint64_t start, uint64_t length);

/* Make the granules wholly inside [start, start + length) huge. */
void pages_advise(uint64_t start, uint64_t length);

/* Make all granules that overlap [start, start + length) ordinary again. */
void pages_forget(uint64_t start, uint64_t length);

static inline bool page_is_huge(uint64_t address)
{
    return __atomic_load_n(&huge_granules[(address & ADDRESS_MASK) >> HUGE_SHIFT], __ATOMIC_RELAXED);
}

#define HUGE_KEY (1ull << 62)

/* A number that is the same for two addresses if and only if one TLB entry serves both. */
static inline uint64_t tlb_key(uint64_t address)
{
    return page_is_huge(address) ? HUGE_KEY | (address >> HUGE_SHIFT) : address >> PAGE_SHIFT;
}

#endif
