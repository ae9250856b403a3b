/* Blocks of Pareto sizes, replaced at random: see alloc_test.md. */
#include "blocks.h"
#include "footprint.h"
#include "sizes.h"

enum { LIVE };
enum { PAIRS_A_LOOP = 4096, SIZE_LEAST = 8, SIZE_MOST = 1024 };

static struct option options[] = {[LIVE] = {"live", 1000, 1, 1 << 22}};
static char **blocks;
static struct tally tally;

static char *draw(void) { return block_new(&tally, pareto_size(next_random(), SIZE_LEAST, SIZE_MOST)); }

static void replace(uint64_t pairs)
{
    uint64_t live = options[LIVE].value;
    for (uint64_t i = 0; i < pairs; i++) {
        uint64_t at = random_below(live);
        block_free(&tally, blocks[at]);
        blocks[at] = draw();
    }
}

static void prepare(void)
{
    uint64_t live = options[LIVE].value;
    blocks = table_new(live, sizeof *blocks);
    footprint_begin();
    for (uint64_t i = 0; i < live; i++)
        blocks[i] = draw();
    /* Replace each a few times: sizes lie where others were, as in a heap that has been in use. */
    replace(4 * live);
    footprint_note(tally_live(&tally));
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
    footprint_tell();
    tally_tell(&tally, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload test = {"alloc_test", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&test, argc, argv);
}
