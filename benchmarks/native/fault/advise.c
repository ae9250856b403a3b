/* Advice to the kernel, and writes to the pages it was about: see advise.md. */
#include "mapping.h"
#include "page_states.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Linux 5.14 and 6.1; older headers lack them. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

enum { PAGES, ADVICE };
enum { NONE, DONTNEED, FREE, HUGEPAGE, POPULATE_READ, POPULATE_WRITE, COLLAPSE };

static const char *const names[] = {"none",          "dontneed",       "free",     "hugepage",
                                    "populate-read", "populate-write", "collapse", NULL};
static const int numbers[] = {0,        MADV_DONTNEED,      MADV_FREE,           MADV_HUGEPAGE,
                              MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_COLLAPSE};
static struct option options[] = {[PAGES] = {"pages", 512, 1, 1 << 18},
                                  [ADVICE] = {"advice", DONTNEED, 0, COLLAPSE, names}};
static char *mapping;
static size_t bytes;

/* Most advice is about memory as it is; some is about pages to come, and to collapse there must be small ones. */
static int wants_empty(uint64_t advice) { return advice >= HUGEPAGE; }

static void advise(int number, const char *name)
{
    if (madvise(mapping, bytes, number) == 0)
        return;
    fprintf(stderr, "madvise: ");
    give_up(name);
}

static uint64_t pass(void)
{
    uint64_t advice = options[ADVICE].value;
    if (wants_empty(advice))
        advise(MADV_DONTNEED, names[DONTNEED]);
    if (advice == COLLAPSE)
        write_pages(mapping, options[PAGES].value, 1);
    if (advice != NONE)
        advise(numbers[advice], names[advice]);
    write_pages(mapping, options[PAGES].value, 1);
    return options[PAGES].value;
}

static void prepare(void)
{
    bytes = (size_t)options[PAGES].value * SMALL_PAGE;
    mapping = map_aligned(bytes);
    write_pages(mapping, options[PAGES].value, 1);
    pass();
}

static void check(void)
{
    printf("{\"check\": {\"written\": %" PRIu64 "}}\n", read_pages(mapping, options[PAGES].value));
    report_pages(mapping, options[PAGES].value);
}

int main(int argc, char **argv)
{
    const struct workload advice = {"advise", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&advice, argc, argv);
}
