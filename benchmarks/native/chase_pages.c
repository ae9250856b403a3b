/* Pointer chase over pages: see chase_pages.md. */
#include "chase.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

static struct option options[] = {{"pages", 1024, 2, 1 << 20}, {"huge", 0, 0, 1}};
static char *mapping;
static void *at;

static void *cell(uint32_t page)
{
    /* Another line in each page: the same line of every page would meet in one set of the data cache. */
    return mapping + (size_t)page * CHASE_PAGE + (page * 64u % CHASE_PAGE);
}

static void prepare(void)
{
    uint32_t pages = (uint32_t)options[0].value;
    mapping = chase_map((size_t)pages * CHASE_PAGE, (int)options[1].value);
    at = chase_link(pages, cell);
    chase_go(&at, pages);
}

static uint64_t pass(void) { return chase_go(&at, (uint32_t)options[0].value); }

static void check(void)
{
    printf("{\"check\": {\"pages\": %" PRIu64 ", \"at_start\": %d}}\n", options[0].value,
           at == cell(0));
}

int main(int argc, char **argv)
{
    struct workload chase = {"chase_pages", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&chase, argc, argv);
}
