/* Small malloc/free churn: see churn.md. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZE, LIVE };
enum { PAIRS_A_LOOP = 4096 };

static struct option options[] = {[SIZE] = {"size", 64, 1, 1 << 20}, [LIVE] = {"live", 1000, 1, 1 << 20}};
static char **blocks;
static uint64_t allocated, freed;

static char *allocate(void)
{
    size_t size = (size_t)options[SIZE].value;
    char *block = malloc(size);
    if (!block)
        out_of_memory(size);
    /* Both ends are touched: what an allocator leaves cold costs its user, not it. */
    *(volatile char *)block = 1;
    ((volatile char *)block)[size - 1] = 1;
    allocated++;
    return block;
}

static void replace(uint64_t pairs)
{
    uint64_t live = options[LIVE].value;
    for (uint64_t i = 0; i < pairs; i++) {
        uint64_t at = random_below(live);
        free(blocks[at]);
        freed++;
        blocks[at] = allocate();
    }
}

static void prepare(void)
{
    uint64_t live = options[LIVE].value;
    blocks = malloc((size_t)live * sizeof *blocks);
    if (!blocks)
        out_of_memory(live * sizeof *blocks);
    for (uint64_t i = 0; i < live; i++)
        blocks[i] = allocate();
    /* Replace each a few times, so that the region starts from a shuffled heap. */
    replace(4 * live);
}

static uint64_t pass(void)
{
    replace(PAIRS_A_LOOP);
    return PAIRS_A_LOOP;
}

static void check(void)
{
    uint64_t live = options[LIVE].value;
    for (uint64_t i = 0; i < live; i++) {
        free(blocks[i]);
        freed++;
    }
    free(blocks);
    printf("{\"check\": {\"allocated\": %" PRIu64 ", \"freed\": %" PRIu64 ", \"allocated_bytes\": %" PRIu64 "}}\n",
           allocated, freed, allocated * options[SIZE].value);
}

int main(int argc, char **argv)
{
    const struct workload churn = {"churn", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&churn, argc, argv);
}
