/* Mappings taken away and rights withdrawn: see flush_pages.md. */
#include "mapping.h"
#include "workload.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { PAGES, HOW, WATCHERS };
enum { UNMAP, PROTECT };
enum { MOST_WATCHERS = 64 };

static const char *const ways[] = {"munmap", "mprotect", NULL};
static struct option options[] = {[PAGES] = {"pages", 16, 1, 1 << 16},
                                  [HOW] = {"how", UNMAP, 0, PROTECT, ways},
                                  [WATCHERS] = {"watchers", 0, 0, MOST_WATCHERS}};
static pthread_t watchers[MOST_WATCHERS];
static atomic_int awake, dismissed;
static char *mapping;
static size_t bytes;
static uint64_t found;

/* Keeps a processor in this address space, so that the kernel must interrupt it at every flush. */
static void *watch(void *nothing)
{
    atomic_fetch_add(&awake, 1);
    while (!atomic_load_explicit(&dismissed, memory_order_relaxed))
        ;
    return nothing;
}

static void unmap(void)
{
    if (munmap(mapping, bytes))
        give_up("munmap");
    mapping = mmap(mapping, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (mapping == MAP_FAILED)
        give_up("mmap");
}

static void protect(void)
{
    if (mprotect(mapping, bytes, PROT_READ) || mprotect(mapping, bytes, PROT_READ | PROT_WRITE))
        give_up("mprotect");
}

/* After munmap the pages are new and hold 0, after mprotect they hold the 1 of the time before: `found` tells which. */
static uint64_t pass(void)
{
    uint64_t pages = options[PAGES].value;
    if (options[HOW].value == UNMAP)
        unmap();
    else
        protect();
    found += read_pages(mapping, pages);
    write_pages(mapping, pages, 1);
    return pages;
}

static void prepare(void)
{
    bytes = (size_t)options[PAGES].value * SMALL_PAGE;
    mapping = map_aligned(bytes);
    choose_pages(mapping, bytes, 0);
    write_pages(mapping, options[PAGES].value, 1);
    for (uint64_t i = 0; i < options[WATCHERS].value; i++)
        if ((errno = pthread_create(&watchers[i], NULL, watch, NULL)))
            give_up("pthread_create");
    while ((uint64_t)atomic_load(&awake) < options[WATCHERS].value)
        ;
}

static void check(void)
{
    atomic_store(&dismissed, 1);
    for (uint64_t i = 0; i < options[WATCHERS].value; i++)
        pthread_join(watchers[i], NULL);
    printf("{\"check\": {\"pages_kept\": %" PRIu64 "}}\n", found);
}

int main(int argc, char **argv)
{
    const struct workload flush = {"flush_pages", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&flush, argc, argv);
}
