/* Vectors that grow by realloc, several in turn: see realloc_growth.md. */
#include "blocks.h"

enum { GROWTH, MOST_KIB };
enum { DOUBLE, HALF, STEP };
enum { VECTORS = 4, FIRST = 64, STEP_BYTES = 1024, REALLOCS_A_LOOP = 256 };

static const char *const growths[] = {[DOUBLE] = "double", [HALF] = "half", [STEP] = "step", NULL};
static struct option options[] = {
    [GROWTH] = {"growth", DOUBLE, DOUBLE, STEP, growths},
    [MOST_KIB] = {"most-kib", 64, 1, 1 << 16},
};
static char *vectors[VECTORS];
static uint64_t spoiled;
static struct tally tally;

static uint64_t next_size(uint64_t size)
{
    uint64_t most = options[MOST_KIB].value << 10;
    uint64_t next = options[GROWTH].value == DOUBLE ? 2 * size
                    : options[GROWTH].value == HALF ? size + size / 2
                                                    : size + STEP_BYTES;
    return next < most ? next : most;
}

/* Counts as one block freed and one allocated. What was written into the old one must be in the new one. */
static char *grow(char *vector, uint64_t size)
{
    uint64_t old = block_leave(&tally, vector);
    char *grown = realloc(vector, (size_t)size);
    if (!grown)
        out_of_memory(size);
    spoiled += *(volatile uint32_t *)(void *)grown != old || ((volatile char *)grown)[old - 1] != 1;
    return block_note(&tally, grown, size);
}

/* Each from FIRST bytes to the most; in turn, so that one lies in the way of the other. Returns the reallocs. */
static uint64_t grow_all(void)
{
    uint64_t most = options[MOST_KIB].value << 10, reallocs = 0;
    for (int i = 0; i < VECTORS; i++)
        vectors[i] = block_new(&tally, FIRST);
    for (uint64_t size = next_size(FIRST), last = FIRST; last < most; last = size, size = next_size(size))
        for (int i = 0; i < VECTORS; i++, reallocs++)
            vectors[i] = grow(vectors[i], size);
    for (int i = 0; i < VECTORS; i++)
        block_free(&tally, vectors[i]);
    return reallocs;
}

static void prepare(void) { grow_all(); }

static uint64_t pass(void)
{
    uint64_t reallocs = 0;
    while (reallocs < REALLOCS_A_LOOP)
        reallocs += grow_all();
    return reallocs;
}

static void check(void) { tally_tell(&tally, "spoiled", spoiled); }

int main(int argc, char **argv)
{
    const struct workload growth = {"realloc_growth", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&growth, argc, argv);
}
