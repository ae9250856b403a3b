/* Blocks of several MiB, replaced at random: see malloc_large.md. */
#include "blocks.h"
#include "sizes.h"

enum { MOST_MIB, TOUCH };
enum { ENDS, PAGES };
enum { LIVE = 8, PAIRS_A_LOOP = 16, PAGE = 4096 };

static const char *const touches[] = {[ENDS] = "ends", [PAGES] = "pages", NULL};
static struct option options[] = {
    [MOST_MIB] = {"most-mib", 2, 1, 64},
    [TOUCH] = {"touch", ENDS, ENDS, PAGES, touches},
};
static char *blocks[LIVE];
static struct tally tally;

static void replace(uint64_t at, uint64_t size)
{
    block_free(&tally, blocks[at]);
    blocks[at] = block_new(&tally, size);
    for (uint64_t page = PAGE; options[TOUCH].value == PAGES && page < size; page += PAGE)
        ((volatile char *)blocks[at])[page] = 1;
}

/* From a quarter of the most: always above what any allocator takes for small. */
static uint64_t draw(void)
{
    uint64_t most = options[MOST_MIB].value << 20;
    return even_size(next_random(), most / 4, most);
}

static void prepare(void)
{
    for (int i = 0; i < 2 * LIVE; i++)
        replace((uint64_t)i % LIVE, draw());
}

/* Of two mirrored sizes one pair weighs as much as any other: so does every loop. */
static uint64_t pass(void)
{
    uint64_t most = options[MOST_MIB].value << 20;
    for (int i = 0; i < PAIRS_A_LOOP / 2; i++) {
        uint64_t size = draw();
        replace(random_below(LIVE), size);
        replace(random_below(LIVE), most + most / 4 - size);
    }
    return PAIRS_A_LOOP;
}

static void check(void)
{
    for (int i = 0; i < LIVE; i++)
        block_free(&tally, blocks[i]);
    tally_tell(&tally, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload large = {"malloc_large", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&large, argc, argv);
}
