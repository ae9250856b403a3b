/* Blocks at given alignments: see aligned.md. */
#include "blocks.h"

enum { ALIGNMENT_LOG2, CALL, LIVE };
enum { POSIX_MEMALIGN, ALIGNED_ALLOC };
enum { PAIRS_A_LOOP = 1024 };

static const char *const calls[] = {[POSIX_MEMALIGN] = "posix_memalign", [ALIGNED_ALLOC] = "aligned_alloc", NULL};
static struct option options[] = {
    [ALIGNMENT_LOG2] = {"alignment-log2", 6, 3, 21},
    [CALL] = {"call", POSIX_MEMALIGN, POSIX_MEMALIGN, ALIGNED_ALLOC, calls},
    [LIVE] = {"live", 64, 1, 4096},
};
static char **blocks;
static uint64_t misaligned;
static struct tally tally;

static void *ask(size_t alignment, size_t size)
{
    void *block = NULL;
    if (options[CALL].value == ALIGNED_ALLOC)
        return aligned_alloc(alignment, size);
    return posix_memalign(&block, alignment, size) ? NULL : block;
}

/* As large as its alignment: the least that aligned_alloc may be asked for in C11. */
static char *draw(void)
{
    size_t alignment = (size_t)1 << options[ALIGNMENT_LOG2].value;
    char *block = block_note(&tally, ask(alignment, alignment), alignment);
    misaligned += ((uintptr_t)block & (alignment - 1)) != 0;
    return block;
}

static void replace(uint64_t pairs)
{
    for (uint64_t i = 0; i < pairs; i++) {
        uint64_t at = random_below(options[LIVE].value);
        block_free(&tally, blocks[at]);
        blocks[at] = draw();
    }
}

static void prepare(void)
{
    blocks = table_new(options[LIVE].value, sizeof *blocks);
    for (uint64_t i = 0; i < options[LIVE].value; i++)
        blocks[i] = draw();
    replace(4 * options[LIVE].value);
}

static uint64_t pass(void)
{
    replace(PAIRS_A_LOOP);
    return PAIRS_A_LOOP;
}

static void check(void)
{
    for (uint64_t i = 0; i < options[LIVE].value; i++)
        block_free(&tally, blocks[i]);
    tally_tell(&tally, "misaligned", misaligned);
}

int main(int argc, char **argv)
{
    const struct workload aligned = {"aligned", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&aligned, argc, argv);
}
