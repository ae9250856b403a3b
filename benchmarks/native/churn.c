/* Small malloc/free churn: see churn.md. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAIRS_A_LOOP = 4096 };

static struct option options[] = {{"size", 64, 1, 1 << 20}, {"live", 1000, 1, 1 << 20}};
static char **blocks;
static uint64_t allocated, freed;

static char *allocate(void)
{
    size_t size = options[0].value;
    char *block = malloc(size);
    if (!block)
        give_up("malloc");
    /* Both ends are touched: what an allocator leaves cold costs its user, not it. */
    *(volatile char *)block = 1;
    ((volatile char *)block)[size - 1] = 1;
    allocated++;
    return block;
}

static void prepare(void)
{
    uint64_t live = options[1].value;
    blocks = malloc(live * sizeof *blocks);
    if (!blocks)
        give_up("malloc");
    for (uint64_t i = 0; i < live; i++)
        blocks[i] = allocate();
    /* Replace each a few times, so that the region starts from a shuffled heap. */
    for (uint64_t i = 0; i < 4 * live; i++) {
        uint64_t at = random_below(live);
        free(blocks[at]);
        freed++;
        blocks[at] = allocate();
    }
}

static uint64_t pass(void)
{
    uint64_t live = options[1].value;
    for (int i = 0; i < PAIRS_A_LOOP; i++) {
        uint64_t at = random_below(live);
        free(blocks[at]);
        freed++;
        blocks[at] = allocate();
    }
    return PAIRS_A_LOOP;
}

static void check(void)
{
    uint64_t live = options[1].value;
    for (uint64_t i = 0; i < live; i++) {
        free(blocks[i]);
        freed++;
    }
    free(blocks);
    printf("{\"check\": {\"allocated\": %" PRIu64 ", \"freed\": %" PRIu64 ", \"size\": %" PRIu64 "}}\n",
           allocated, freed, options[0].value);
}

int main(int argc, char **argv)
{
    struct workload churn = {"churn", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&churn, argc, argv);
}
