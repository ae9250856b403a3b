/* A heap whose sizes change over time while its weight does not: see fragment.md. */
#include "blocks.h"
#include "footprint.h"

enum { LIVE_MIB, CYCLES };
enum { BYTES_A_SIZE = 1 << 15 };

/* Each in another class than those near it, so that the holes of one epoch do not fit the next. */
static const uint32_t sizes[] = {24, 200, 56, 1032, 40, 520, 88, 312};
enum { EPOCHS = sizeof sizes / sizeof *sizes, LEAST = 24 };

static struct option options[] = {[LIVE_MIB] = {"live-mib", 8, 1, 1024}, [CYCLES] = {"cycles", 1, 0, 1000}};
static char **blocks;
static uint64_t alive;
static struct tally tally;

static uint64_t weight(void) { return options[LIVE_MIB].value << 20; }

static void drop(uint64_t at)
{
    block_free(&tally, blocks[at]);
    blocks[at] = blocks[--alive];
}

/* One allocation, after as many frees at random as make room for it. */
static void add(uint32_t size)
{
    while (alive && tally_live(&tally) + size > weight())
        drop(random_below(alive));
    blocks[alive++] = block_new(&tally, size);
}

/* All sizes one after the other, of each as many blocks as weigh `bytes`. Returns how many that were. */
static uint64_t cycle(uint64_t bytes)
{
    uint64_t before = tally.allocated;
    for (int epoch = 0; epoch < EPOCHS; epoch++)
        for (uint64_t i = 0; i < bytes / sizes[epoch]; i++)
            add(sizes[epoch]);
    return tally.allocated - before;
}

static void prepare(void)
{
    blocks = table_new(weight() / LEAST + 1, sizeof *blocks);
    footprint_begin();
    while (tally_live(&tally) + sizes[0] <= weight())
        add(sizes[0]);
    /* In each epoch half of the heap's weight is replaced by blocks of one size. */
    for (uint64_t i = 0; i < options[CYCLES].value; i++)
        cycle(weight() / 2);
    footprint_note(tally_live(&tally));
}

static uint64_t pass(void) { return cycle(BYTES_A_SIZE); }

static void check(void)
{
    while (alive)
        drop(alive - 1);
    footprint_tell();
    tally_tell(&tally, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload fragment = {"fragment", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&fragment, argc, argv);
}
