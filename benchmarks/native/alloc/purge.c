/* A burst of blocks, all freed, and how much memory has gone back after a while: see purge.md. */
#include "blocks.h"
#include "footprint.h"

#include <time.h>

enum { SIZE, MIB, WAIT_MS };
enum { BURST_OVER_TRICKLE = 256, NAP_MS = 5 };

static struct option options[] = {
    [SIZE] = {"size", 256, BLOCK_LEAST, 1 << 24},
    [MIB] = {"mib", 16, 1, 1024},
    [WAIT_MS] = {"wait-ms", 0, 0, 60000},
};
static char **blocks;
static uint64_t count;
static struct tally tally;

static void take(uint64_t number)
{
    for (uint64_t i = 0; i < number; i++) {
        blocks[i] = block_new(&tally, options[SIZE].value);
        for (uint64_t at = 4096; at < options[SIZE].value; at += 4096)
            ((volatile char *)blocks[i])[at] = 1;
    }
}

static void give_back(uint64_t number)
{
    for (uint64_t i = 0; i < number; i++)
        block_free(&tally, blocks[i]);
}

/* A process that does little: allocators give back by the clock, but look at it only when they are called, and not in
   the fast path. A small share of the burst again and again reaches beyond that. */
static void idle(void)
{
    const struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    uint64_t few = (count + BURST_OVER_TRICKLE - 1) / BURST_OVER_TRICKLE;
    for (uint64_t waited = 0; waited < options[WAIT_MS].value; waited += NAP_MS) {
        take(few);
        give_back(few);
        nanosleep(&nap, NULL);
    }
}

static void prepare(void)
{
    count = (options[MIB].value << 20) / options[SIZE].value;
    count += !count;
    blocks = table_new(count, sizeof *blocks);
    footprint_begin();
    take(count);
    footprint_note(tally_live(&tally));
    give_back(count);
}

static uint64_t pass(void)
{
    take(count);
    give_back(count);
    return count;
}

static void check(void)
{
    idle();
    footprint_tell();
    tally_tell(&tally, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload purge = {"purge", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&purge, argc, argv);
}
