/* Pointer chase over pages: see chase_pages.md. */
#include "chase.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAGES, HUGE };

static struct option options[] = {[PAGES] = {"pages", 1024, 1, 1 << 20}, [HUGE] = {"huge", 0, 0, 1}};
static char *mapping;
static void *at;

static void *cell(uint32_t page)
{
    /* Another line in each page: the same line of every page would meet in one set of the data cache. */
    return mapping + (size_t)page * SMALL_PAGE + ((size_t)page * CHASE_LINE) % SMALL_PAGE;
}

static void prepare(void)
{
    uint32_t pages = (uint32_t)options[PAGES].value;
    mapping = chase_map((uint64_t)pages * SMALL_PAGE, (int)options[HUGE].value);
    at = chase_link(pages, cell);
    chase_go(&at, pages);
}

static uint64_t pass(void) { return chase_go(&at, (uint32_t)options[PAGES].value); }

static void check(void)
{
    uint64_t pages = options[PAGES].value;
    printf("{\"check\": {\"cycle\": %" PRIu64 ", \"back_at_start\": %s}}\n", chase_length(cell(0), pages),
           at == cell(0) ? "true" : "false");
}

int main(int argc, char **argv)
{
    const struct workload chase = {"chase_pages", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&chase, argc, argv);
}
