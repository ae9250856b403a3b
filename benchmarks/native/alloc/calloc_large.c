/* Large blocks of zeros: see calloc_large.md. */
#include "blocks.h"
#include "footprint.h"

enum { SIZE_KIB, TOUCH };
enum { READ, WRITE };
enum { LIVE = 4, BYTES_A_LOOP = 8 << 20, PAGE = 4096 };

static const char *const touches[] = {[READ] = "read", [WRITE] = "write", NULL};
static struct option options[] = {
    [SIZE_KIB] = {"size-kib", 1024, 1, 1 << 18},
    [TOUCH] = {"touch", READ, READ, WRITE, touches},
};
static char *blocks[LIVE];
static uint64_t dirty;
static struct tally tally;

/* A word of each page is looked at; to write there too makes the block dirty for whoever gets it next. */
static void touch_pages(char *block, uint64_t size)
{
    for (uint64_t at = 0; at < size; at += PAGE) {
        volatile uint32_t *word = (volatile uint32_t *)(void *)(block + at);
        dirty += *word != 0;
        if (options[TOUCH].value == WRITE)
            *word = 1;
    }
}

static void replace(uint64_t at)
{
    uint64_t size = options[SIZE_KIB].value << 10;
    block_free(&tally, blocks[at]);
    char *block = calloc(1, (size_t)size);
    if (!block)
        out_of_memory(size);
    touch_pages(block, size);
    blocks[at] = block_note(&tally, block, size);
}

static void prepare(void)
{
    footprint_begin();
    for (uint64_t i = 0; i < 2 * LIVE; i++)
        replace(i % LIVE);
    footprint_note(tally_live(&tally));
}

static uint64_t pass(void)
{
    uint64_t count = BYTES_A_LOOP / (options[SIZE_KIB].value << 10);
    count += LIVE - count % LIVE; /* whole turns of the table */
    for (uint64_t i = 0; i < count; i++)
        replace(i % LIVE);
    return count;
}

static void check(void)
{
    for (uint64_t i = 0; i < LIVE; i++)
        block_free(&tally, blocks[i]);
    footprint_tell();
    tally_tell(&tally, "dirty", dirty);
}

int main(int argc, char **argv)
{
    const struct workload large = {"calloc_large", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&large, argc, argv);
}
