/* An arena carved into blocks, of huge pages or of small ones: see huge_arena.md. */
#include "mapping.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { MIB, SIZE, PAGES };
enum { SMALL, HUGE };

static const char *const pages[] = {[SMALL] = "small", [HUGE] = "huge", NULL};
static struct option options[] = {
    [MIB] = {"mib", 8, 2, 1024},
    [SIZE] = {"size", 256, 8, 1 << 20},
    [PAGES] = {"pages", SMALL, SMALL, HUGE, pages},
};
static char *arena;
static uint64_t count, carved, visited, sum;

/* The first of each block says which it is: 32 bits, whatever the architecture. */
static volatile uint32_t *block(uint64_t index)
{
    return (volatile uint32_t *)(void *)(arena + (size_t)(index * options[SIZE].value));
}

static void prepare(void)
{
    uint64_t bytes = options[MIB].value << 20;
    options[SIZE].value &= ~UINT64_C(7);
    arena = map_aligned(bytes);
    choose_pages(arena, bytes, options[PAGES].value == HUGE);
    /* A power of two, so that an odd stride meets each block once. */
    for (count = 1; 2 * count * options[SIZE].value <= bytes;)
        count *= 2;
}

static void carve(void)
{
    for (uint64_t i = 0; i < count; i++)
        *block(i) = (uint32_t)i;
    carved += count;
}

static void visit(void)
{
    const uint64_t stride = UINT64_C(2654435761); /* odd, near 2^32 over the golden ratio: far apart at any count */
    for (uint64_t i = 0; i < count; i++)
        sum += *block((i * stride) & (count - 1));
    visited += count;
}

static uint64_t pass(void)
{
    carve();
    visit();
    /* Back to the kernel: the next pass meets new pages, small or huge. */
    madvise(arena, (size_t)options[MIB].value << 20, MADV_DONTNEED);
    return count;
}

static void check(void)
{
    printf("{\"check\": {\"carved\": %" PRIu64 ", \"visited\": %" PRIu64 ", \"sum\": %" PRIu64 "}}\n", carved, visited,
           sum);
}

int main(int argc, char **argv)
{
    const struct workload huge = {"huge_arena", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&huge, argc, argv);
}
