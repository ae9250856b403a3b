/* A batch of blocks of one size, all taken, then all freed: see glibc_simple.md. */
#include "blocks.h"

enum { SIZE, COUNT };
enum { PAIRS_A_LOOP = 8192 };

static struct option options[] = {[SIZE] = {"size", 16, BLOCK_LEAST, 1 << 20}, [COUNT] = {"count", 25, 1, 1 << 16}};
static char **blocks;
static struct tally tally;

static void batch(uint64_t size, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        blocks[i] = block_new(&tally, size);
    for (uint64_t i = 0; i < count; i++)
        block_free(&tally, blocks[i]);
}

static void prepare(void)
{
    blocks = table_new(options[COUNT].value, sizeof *blocks);
    batch(options[SIZE].value, options[COUNT].value);
}

static uint64_t pass(void)
{
    uint64_t count = options[COUNT].value, batches = (PAIRS_A_LOOP + count - 1) / count;
    for (uint64_t i = 0; i < batches; i++)
        batch(options[SIZE].value, count);
    return batches * count;
}

static void check(void) { tally_tell(&tally, NULL, 0); }

int main(int argc, char **argv)
{
    const struct workload simple = {"glibc_simple", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&simple, argc, argv);
}
