/* An atomic addition within a line, or across two: see split_atomic.md. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { OFFSET };
enum { ADDITIONS = 1 << 6, LINE = 64 };

static struct option options[] = {[OFFSET] = {"offset", 0, 0, LINE - 1}};
static _Alignas(LINE) char lines[2 * LINE];

/* Undefined where the offset is no multiple of eight: that is what is measured. A compiler that sees where the pointer
   comes from would call a function with a lock instead: volatile hides it. */
__attribute__((no_sanitize("alignment"))) static uint64_t add(uint64_t number)
{
    uint64_t *volatile where = (uint64_t *)(lines + options[OFFSET].value);
    return __atomic_add_fetch(where, number, __ATOMIC_SEQ_CST);
}

static uint64_t pass(void)
{
    for (int i = 0; i < ADDITIONS; i++)
        add(1);
    return ADDITIONS;
}

static void prepare(void) { pass(); }

static void check(void) { printf("{\"check\": {\"sum\": %" PRIu64 "}}\n", add(0)); }

int main(int argc, char **argv)
{
    const struct workload split = {"split_atomic", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&split, argc, argv);
}
