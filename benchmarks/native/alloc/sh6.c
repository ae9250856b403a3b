/* Small batches freed last in first out, or first in first out: see sh6.md. */
#include "blocks.h"

enum { ORDER, HELD };
enum { LIFO, FIFO };
enum { BATCH = 50, BATCHES_A_LOOP = 84, STEP = 8, SIZES = 42 };

static const char *const orders[] = {[LIFO] = "lifo", [FIFO] = "fifo", NULL};
static struct option options[] = {[ORDER] = {"order", LIFO, LIFO, FIFO, orders}, [HELD] = {"held", 20, 1, 1 << 16}};
static char *(*batches)[BATCH];
static uint64_t turn;
static struct tally tally;

static void fill(char **batch)
{
    /* Each batch is of the next size: those before and after it in memory are of others. */
    uint64_t size = STEP + turn++ % SIZES * STEP;
    for (int i = 0; i < BATCH; i++)
        batch[i] = block_new(&tally, size);
}

static void empty(char **batch)
{
    for (int i = 0; i < BATCH; i++)
        block_free(&tally, batch[options[ORDER].value == LIFO ? BATCH - 1 - i : i]);
}

static void prepare(void)
{
    batches = table_new(options[HELD].value, sizeof *batches);
    for (uint64_t i = 0; i < options[HELD].value; i++)
        fill(batches[i]);
}

static uint64_t pass(void)
{
    for (int i = 0; i < BATCHES_A_LOOP; i++) {
        char **oldest = batches[turn % options[HELD].value];
        empty(oldest);
        fill(oldest);
    }
    return (uint64_t)BATCHES_A_LOOP * BATCH;
}

static void check(void)
{
    for (uint64_t i = 0; i < options[HELD].value; i++)
        empty(batches[i]);
    tally_tell(&tally, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload sh6 = {"sh6", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&sh6, argc, argv);
}
