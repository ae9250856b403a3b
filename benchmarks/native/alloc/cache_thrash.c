/* A list built in a heap that was left in order or in disorder, then walked: see cache_thrash.md. */
#include "blocks.h"

enum { NODES, SIZE, FREED };
enum { IN_ORDER, AT_RANDOM };
enum { WALKS = 4, NODES_A_LOOP = 4096 };

static const char *const freed[] = {[IN_ORDER] = "in-order", [AT_RANDOM] = "at-random", NULL};
static struct option options[] = {
    [NODES] = {"nodes", 1000, 1, 1 << 22},
    [SIZE] = {"size", 48, 32, 1 << 16},
    [FREED] = {"freed", IN_ORDER, IN_ORDER, AT_RANDOM, freed},
};
static char **nodes;
static uint32_t *order;
static uint64_t visited;
static struct tally tally;

/* The link lies behind the size at the head of the block. */
static char **link_of(char *node) { return (char **)(void *)(node + sizeof(uint64_t)); }

static void build(void)
{
    uint64_t count = options[NODES].value;
    char *last = NULL;
    for (uint64_t i = 0; i < count; i++) {
        nodes[i] = block_new(&tally, options[SIZE].value);
        *link_of(nodes[i]) = NULL;
        if (last)
            *link_of(last) = nodes[i];
        last = nodes[i];
    }
}

static uint64_t walk(void)
{
    uint64_t seen = 0;
    for (char *node = nodes[0]; node; node = *(char *volatile *)link_of(node))
        seen++;
    return seen;
}

static void tear_down(void)
{
    for (uint64_t i = 0; i < options[NODES].value; i++)
        block_free(&tally, nodes[order[i]]);
}

static void draw_order(uint64_t count)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint64_t i = count - 1; i > 0 && options[FREED].value == AT_RANDOM; i--) {
        uint64_t j = random_below(i + 1);
        uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static void prepare(void)
{
    uint64_t count = options[NODES].value;
    nodes = table_new(count, sizeof *nodes);
    order = table_new(count, sizeof *order);
    draw_order(count);
    build();
}

static uint64_t pass(void)
{
    uint64_t lists = (NODES_A_LOOP + options[NODES].value - 1) / options[NODES].value, before = visited;
    for (uint64_t i = 0; i < lists; i++) {
        tear_down();
        build();
        for (int j = 0; j < WALKS; j++)
            visited += walk();
    }
    return visited - before;
}

static void check(void)
{
    tear_down();
    tally_tell(&tally, "visited", visited);
}

int main(int argc, char **argv)
{
    const struct workload thrash = {"cache_thrash", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&thrash, argc, argv);
}
