/* Calls of malloc's family in an order drawn at random and replayed exactly: see alloc_sequence.md. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* aligned_alloc and posix_memalign, also with -std=c11 */
#endif

#include "steps.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEQUENCE, LENGTH, SLOTS, MOST, KEEP };
enum { MOST_SLOTS = 1 << 12 };

static struct option options[] = {
    [SEQUENCE] = {"sequence", 1, 0, INT64_MAX, NULL, NULL},
    [LENGTH] = {"length", 1000, 1, STEPS_MOST, NULL, NULL},
    [SLOTS] = {"slots", 64, 1, MOST_SLOTS, NULL, NULL},
    [MOST] = {"most", 4096, 16, 1 << 24, NULL, NULL},
    [KEEP] = {"keep", 0, 0, 0, NULL, ""},
};

static struct block {
    unsigned char *bytes;
    size_t size;
    uint32_t step;
} blocks[MOST_SLOTS];
static uint64_t allocated, freed, resized;

static _Noreturn void complain(const struct block *block, const char *what)
{
    fprintf(stderr, "sequence: the block of step %" PRIu32 ", %zu bytes, %s\n", block->step, block->size, what);
    exit(1);
}

/* The mark of a block: both its ends hold it, so that two blocks that overlap are found out. */
static unsigned char mark_of(const struct block *block) { return (unsigned char)(block->step * 31 + 1); }

static void mark(struct block *block)
{
    block->bytes[0] = block->bytes[block->size - 1] = mark_of(block);
}

static void inspect(const struct block *block)
{
    if (block->bytes[0] != mark_of(block) || block->bytes[block->size - 1] != mark_of(block))
        complain(block, "lost its contents");
}

/* Sizes are spread evenly over powers of two: small ones are as frequent as they are in programs. */
static size_t size_of(uint64_t random)
{
    uint64_t most = options[MOST].value, bits = 0;
    while (most >> (bits + 1))
        bits++;
    uint64_t size = (UINT64_C(1) << step_below(&random, bits + 1)) + step_below(&random, most);
    return (size_t)(size % most + 1);
}

static void keep_block(struct block *block, void *bytes, size_t size, uint32_t step)
{
    if (!bytes)
        out_of_memory(size);
    *block = (struct block){bytes, size, step};
    mark(block);
    allocated++;
}

static void drop(struct block *block)
{
    inspect(block);
    free(block->bytes);
    block->bytes = NULL;
    freed++;
}

static void *aligned(uint64_t random, size_t size, const struct block *block)
{
    void *bytes = NULL;
    size_t alignment = (size_t)sizeof(void *) << step_below(&random, 10);
    if (posix_memalign(&bytes, alignment, size))
        out_of_memory(size);
    if ((uintptr_t)bytes % alignment)
        complain(block, "is not aligned as asked");
    return bytes;
}

static void *cleared(size_t size, const struct block *block)
{
    unsigned char *bytes = calloc(1, size);
    for (size_t i = 0; bytes && i < size; i += i + 64 < size ? 64 : size - i)
        if (bytes[i])
            complain(block, "is not cleared");
    return bytes;
}

static void resize(struct block *block, size_t size)
{
    size_t common = size < block->size ? size : block->size;
    unsigned char last = block->bytes[common - 1];
    unsigned char *bytes = realloc(block->bytes, size);
    if (!bytes)
        out_of_memory(size);
    if (bytes[0] != mark_of(block) || bytes[common - 1] != last)
        complain(block, "lost its contents when its size changed");
    block->bytes = bytes;
    block->size = size;
    mark(block);
    resized++;
}

/* What step number `step` does is decided by the sequence and the number alone: any step may be left out. */
static void take_step(uint32_t step)
{
    uint64_t random = step_random(options[SEQUENCE].value, step);
    struct block *block = &blocks[step_below(&random, options[SLOTS].value)];
    unsigned kind = (unsigned)step_below(&random, 20);
    size_t size = size_of(random);
    if (block->bytes && kind < 5) {
        inspect(block);
        resize(block, size);
        return;
    }
    if (block->bytes)
        drop(block);
    if (kind < 8)
        return;
    struct block made = {NULL, size, step};
    if (kind < 10)
        made.bytes = aligned(random, size, &made);
    else if (kind < 12)
        made.bytes = cleared(size, &made);
    else
        made.bytes = malloc(size);
    keep_block(block, made.bytes, size, step);
}

static void prepare(void) { steps_keep(options[KEEP].text, (uint32_t)options[LENGTH].value); }

static uint64_t pass(void)
{
    uint64_t taken = 0;
    for (uint32_t step = 0; step < options[LENGTH].value; step++)
        if (steps_kept(step)) {
            take_step(step);
            taken++;
        }
    for (uint64_t i = 0; i < options[SLOTS].value; i++)
        if (blocks[i].bytes)
            drop(&blocks[i]);
    return taken;
}

static void check(void)
{
    printf("{\"check\": {\"allocated\": %" PRIu64 ", \"freed\": %" PRIu64 ", \"resized\": %" PRIu64 "}}\n", allocated,
           freed, resized);
}

int main(int argc, char **argv)
{
    const struct workload sequence = {
        "alloc_sequence", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&sequence, argc, argv);
}
