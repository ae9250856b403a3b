/* Pointer chase over cache lines: see chase_lines.md. */
#include "chase.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

static struct option options[] = {{"lines", 1024, 2, 1 << 24}, {"huge", 0, 0, 1}};
static char *mapping;
static void *at;

static void *cell(uint32_t line) { return mapping + (size_t)line * CHASE_LINE; }

static void prepare(void)
{
    uint32_t lines = (uint32_t)options[0].value;
    mapping = chase_map((size_t)lines * CHASE_LINE, (int)options[1].value);
    at = chase_link(lines, cell);
    chase_go(&at, lines);
}

static uint64_t pass(void) { return chase_go(&at, (uint32_t)options[0].value); }

static void check(void)
{
    printf("{\"check\": {\"lines\": %" PRIu64 ", \"at_start\": %d}}\n", options[0].value,
           at == cell(0));
}

int main(int argc, char **argv)
{
    struct workload chase = {"chase_lines", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&chase, argc, argv);
}
