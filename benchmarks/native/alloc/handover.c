/* Two threads that hand all they have to each other: see handover.md. */
#include "blocks.h"
#include "crew.h"

#include <semaphore.h>

enum { BATCH, SIZE };
enum { BLOCKS_A_LOOP = 16384 };

static struct option options[] = {
    [BATCH] = {"batch", 1024, 1, 1 << 20},
    [SIZE] = {"size", 64, BLOCK_LEAST, 1 << 16},
};
static char **blocks;
static struct tally tallies[2];
static sem_t turn[2];

static uint64_t turns_of_each(void) { return (BLOCKS_A_LOOP / 2 + options[BATCH].value - 1) / options[BATCH].value; }

/* Frees what the other left, leaves as much to it. Never do both run at once. */
static void work(unsigned index)
{
    for (uint64_t i = 0; i < turns_of_each(); i++) {
        while (sem_wait(&turn[index]))
            ;
        for (uint64_t at = 0; at < options[BATCH].value; at++)
            block_free(&tallies[index], blocks[at]);
        for (uint64_t at = 0; at < options[BATCH].value; at++)
            blocks[at] = block_new(&tallies[index], options[SIZE].value);
        sem_post(&turn[1 - index]);
    }
}

static void prepare(void)
{
    blocks = table_new(options[BATCH].value, sizeof *blocks);
    sem_init(&turn[0], 0, 1);
    sem_init(&turn[1], 0, 0);
    crew_start(2, work);
    crew_pass();
}

static uint64_t pass(void)
{
    crew_pass();
    return 2 * turns_of_each() * options[BATCH].value;
}

static void check(void)
{
    struct tally sum = {0};
    crew_end();
    for (uint64_t at = 0; at < options[BATCH].value; at++)
        block_free(&sum, blocks[at]);
    for (int i = 0; i < 2; i++)
        tally_add(&sum, &tallies[i]);
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload handover = {"handover", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&handover, argc, argv);
}
