/* The state of a workload's pages after the region, as far as a process without rights may see its own: facts, never part
   of the check. Runners that emulate leave them out: there the page tables are the emulator's. */
#ifndef PAGEWALK_PAGE_STATES_H
#define PAGEWALK_PAGE_STATES_H

#include "mapping.h"
#include "maps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bits of an entry, see proc_pid_pagemap(5). */
enum { PAGEMAP_PRESENT = 63, PAGEMAP_EXCLUSIVE = 56, PAGEMAP_SOFT_DIRTY = 55 };

/* The kB that smaps has for a name in the mapping that holds `address`; -1 where it does not say. */
static int64_t smaps_of(const char *address, const char *name)
{
    const char *text;
    int64_t found = -1;
    int inside = 0;
    if (open_lines("/proc/self/smaps") < 0)
        return -1;
    while (found < 0 && (text = next_line())) {
        if (text[0] < 'A' || text[0] > 'Z')
            inside = is_mapping_of(text, (uintptr_t)address);
        else if (inside && !strncmp(text, name, strlen(name)))
            found = (int64_t)kilobytes(text);
    }
    close(reader.file);
    return found;
}

static void report_smaps(const char *mapping, const char *name, const char *fact)
{
    int64_t found = smaps_of(mapping, name);
    if (found >= 0)
        printf("{\"facts\": {\"pages.%s\": %" PRId64 "}}\n", fact, found);
}

/* Whether this kernel marks what was written (CONFIG_MEM_SOFT_DIRTY): then the page of a variable just set is marked. */
static int tracks_soft_dirty(void)
{
    volatile int here = 1;
    int known;
    uint64_t entry = pagemap_entry((uintptr_t)&here, &known);
    return known && here && (entry >> PAGEMAP_SOFT_DIRTY & 1);
}

/* Prints what pagemap and smaps say of the first `pages` small pages; what cannot be read is left out. */
static void report_pages(const char *mapping, uint64_t pages)
{
    uint64_t present = 0, exclusive = 0, dirty = 0;
    int known = 1;
    for (uint64_t page = 0; page < pages && known; page++) {
        uint64_t entry = pagemap_entry((uintptr_t)(mapping + (size_t)page * SMALL_PAGE), &known);
        present += entry >> PAGEMAP_PRESENT & 1;
        exclusive += entry >> PAGEMAP_EXCLUSIVE & 1;
        dirty += entry >> PAGEMAP_SOFT_DIRTY & 1;
    }
    if (known)
        printf("{\"facts\": {\"pages.present\": %" PRIu64 ", \"pages.exclusive\": %" PRIu64 "}}\n", present, exclusive);
    if (known && tracks_soft_dirty())
        printf("{\"facts\": {\"pages.soft_dirty\": %" PRIu64 "}}\n", dirty);
    report_smaps(mapping, "Private_Dirty:", "dirty_kb");
    report_smaps(mapping, "AnonHugePages:", "huge_kb");
    printf("{\"facts\": {\"pages.aligned\": %" PRIuPTR "}}\n", (uintptr_t)mapping & -(uintptr_t)mapping);
}

#endif
