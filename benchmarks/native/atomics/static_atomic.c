/* A 64-bit atomic in static storage, aligned or not: see static_atomic.md. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { STORAGE };
enum { ADDITIONS = 1 << 12, WORDS_BEFORE = 1 };

static const char *const kinds[] = {"aligned", "words", "bytes", NULL};
enum { ALIGNED, WORDS, BYTES };
static struct option options[] = {[STORAGE] = {"storage", ALIGNED, 0, BYTES, kinds}};

/* Storage of words is as much aligned as a pointer: to four bytes on 32-bit Arm, and one word behind its begin a 64-bit
   number is not aligned there. Storage of bytes is not aligned to eight anywhere, four bytes behind a begin that is. */
static _Alignas(8) char aligned[8];
static _Alignas(8) uintptr_t words[WORDS_BEFORE + 8 / sizeof(uintptr_t)];
static _Alignas(8) char bytes[4 + 8];

static void *storage(void)
{
    void *const places[] = {[ALIGNED] = aligned, [WORDS] = &words[WORDS_BEFORE], [BYTES] = bytes + 4};
    return places[options[STORAGE].value];
}

/* Undefined where it is not aligned: that is what is measured. The sanitizers are right, and not asked. */
__attribute__((no_sanitize("alignment"))) static uint64_t add(uint64_t number)
{
    uint64_t *volatile where = storage();
    return __atomic_add_fetch(where, number, __ATOMIC_SEQ_CST);
}

static uint64_t pass(void)
{
    for (int i = 0; i < ADDITIONS; i++)
        add(1);
    return ADDITIONS;
}

static void prepare(void) { add(0); }

static void check(void) { printf("{\"check\": {\"sum\": %" PRIu64 "}}\n", add(0)); }

int main(int argc, char **argv)
{
    const struct workload atomic = {"static_atomic", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&atomic, argc, argv);
}
