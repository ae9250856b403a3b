/* Pointer chase over cache lines: see chase_lines.md. */
#include "chase.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { LINES, HUGE };

static struct option options[] = {[LINES] = {"lines", 1024, 2, 1 << 24}, [HUGE] = {"huge", 0, 0, 1}};
static char *mapping;
static void *at;

static void *cell(uint32_t line) { return mapping + (size_t)line * CHASE_LINE; }

static void prepare(void)
{
    uint32_t lines = (uint32_t)options[LINES].value;
    mapping = chase_map((uint64_t)lines * CHASE_LINE, (int)options[HUGE].value);
    at = chase_link(lines, cell);
    chase_go(&at, lines);
}

static uint64_t pass(void) { return chase_go(&at, (uint32_t)options[LINES].value); }

static void check(void)
{
    uint64_t lines = options[LINES].value;
    printf("{\"check\": {\"cycle\": %" PRIu64 ", \"back_at_start\": %s}}\n", chase_length(cell(0), lines),
           at == cell(0) ? "true" : "false");
}

int main(int argc, char **argv)
{
    const struct workload chase = {"chase_lines", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&chase, argc, argv);
}
