/* A burst of blocks, all freed, and how much memory has gone back after a while: see purge.md. */
#include "blocks.h"
#include "footprint.h"

#include <time.h>

enum { SIZE, MIB, WAIT_MS };

static struct option options[] = {
    [SIZE] = {"size", 256, BLOCK_LEAST, 1 << 24},
    [MIB] = {"mib", 16, 1, 1024},
    [WAIT_MS] = {"wait-ms", 0, 0, 60000},
};
static char **blocks;
static uint64_t count;
static struct tally tally;

static void take_all(void)
{
    for (uint64_t i = 0; i < count; i++) {
        blocks[i] = block_new(&tally, options[SIZE].value);
        for (uint64_t at = 4096; at < options[SIZE].value; at += 4096)
            ((volatile char *)blocks[i])[at] = 1;
    }
}

static void free_all(void)
{
    for (uint64_t i = 0; i < count; i++)
        block_free(&tally, blocks[i]);
}

/* A process that does little: allocators give back by the clock, but many look at it only when they are called. */
static void idle(void)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    for (uint64_t i = 0; i < options[WAIT_MS].value; i++) {
        block_free(&tally, block_new(&tally, 64));
        nanosleep(&millisecond, NULL);
    }
}

static void prepare(void)
{
    count = (options[MIB].value << 20) / options[SIZE].value;
    count += !count;
    blocks = table_new(count, sizeof *blocks);
    footprint_begin();
    take_all();
    footprint_note(tally_live(&tally));
    free_all();
}

static uint64_t pass(void)
{
    take_all();
    free_all();
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
