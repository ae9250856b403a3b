/* Loads in a known order over a working set: see walk.md. */
#include "mapping.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { KIB, ORDER, STRIDE, HUGE };
enum { SEQUENTIAL, STRIDED, RANDOM };
enum { LOADS_A_LOOP = 1 << 16, WORD = sizeof(uint64_t) };

static const char *const orders[] = {"sequential", "strided", "random", NULL};
static struct option options[] = {[KIB] = {"kib", 1024, 4, 1 << 22},
                                  [ORDER] = {"order", SEQUENTIAL, 0, RANDOM, orders},
                                  [STRIDE] = {"stride", 4096, 8, 1 << 24},
                                  [HUGE] = {"huge", 0, 0, 1}};
static char *mapping;
static size_t bytes, at;
static uint64_t marks;

static inline uint64_t load(size_t offset) { return *(const volatile uint64_t *)(mapping + offset); }

static uint64_t walk_by(size_t step)
{
    uint64_t sum = 0;
    for (int i = 0; i < LOADS_A_LOOP; i++) {
        sum += load(at);
        at += step;
        if (at >= bytes)
            at -= bytes;
    }
    return sum;
}

static uint64_t walk_at_random(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < LOADS_A_LOOP; i++)
        sum += load((size_t)random_below(bytes / WORD) * WORD);
    return sum;
}

static uint64_t pass(void)
{
    switch (options[ORDER].value) {
    case SEQUENTIAL:
        marks += walk_by(WORD);
        break;
    case STRIDED:
        marks += walk_by((size_t)(options[STRIDE].value / WORD * WORD % bytes));
        break;
    default:
        marks += walk_at_random();
    }
    return LOADS_A_LOOP;
}

/* The first word of each page is 1 and all others are 0, so that the sum tells where the loads went. */
static void prepare(void)
{
    bytes = (size_t)options[KIB].value << 10;
    mapping = map_aligned(bytes);
    choose_pages(mapping, bytes, (int)options[HUGE].value);
    write_pages(mapping, bytes / SMALL_PAGE, 1);
    pass();
}

static void check(void) { printf("{\"check\": {\"marks\": %" PRIu64 "}}\n", marks); }

int main(int argc, char **argv)
{
    const struct workload walk = {"walk", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&walk, argc, argv);
}
