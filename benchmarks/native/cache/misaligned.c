/* Loads and stores that straddle lines or pages: see misaligned.md. */
#include "mapping.h"
#include "word.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { OFFSET, STRIDE, KIB, WHAT };
enum { LOAD, STORE };
enum { ACCESSES = 1 << 16 };

static const char *const kinds[] = {"load", "store", NULL};
static struct option options[] = {[OFFSET] = {"offset", 0, 0, SMALL_PAGE - 1},
                                  [STRIDE] = {"stride", 128, 64, 1 << 20},
                                  [KIB] = {"kib", 16, 4, 1 << 20},
                                  [WHAT] = {"what", LOAD, 0, STORE, kinds}};
static char *first;
static size_t bytes, stride, at;
static uint64_t ones;

static void step(void)
{
    at += stride;
    if (at >= bytes)
        at = 0;
}

static uint64_t load_all(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < ACCESSES; i++, step())
        sum += load_word(first + at) & 0xff;
    return sum;
}

static void store_all(void)
{
    for (int i = 0; i < ACCESSES; i++, step())
        store_word(first + at, 1);
}

static uint64_t pass(void)
{
    if (options[WHAT].value == LOAD)
        ones += load_all();
    else
        store_all();
    return ACCESSES;
}

static void prepare(void)
{
    bytes = (size_t)options[KIB].value << 10;
    stride = (size_t)options[STRIDE].value;
    /* One page more than the set: the last access straddles into it. */
    char *mapping = map_aligned(bytes + 2 * SMALL_PAGE);
    choose_pages(mapping, bytes + 2 * SMALL_PAGE, 0);
    write_pages(mapping, bytes / SMALL_PAGE + 2, 0);
    first = mapping + options[OFFSET].value;
    for (size_t each = 0; each < bytes && options[WHAT].value == LOAD; each += stride)
        store_word(first + each, 1);
    pass();
}

/* Loads add up what they found, a 1 each; stores have left a 1 at each place that they came to. */
static void check(void)
{
    for (size_t each = 0; each < bytes && options[WHAT].value == STORE; each += stride)
        ones += load_word(first + each) & 0xff;
    printf("{\"check\": {\"ones\": %" PRIu64 "}}\n", ones);
}

int main(int argc, char **argv)
{
    const struct workload misaligned = {"misaligned", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&misaligned, argc, argv);
}
