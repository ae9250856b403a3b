/* Loads of what was stored just before: see store_forward.md. */
#include "word.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { HOW };
enum { PAIRS = 50000, LINE = 64 };

static const char *const ways[] = {"same", "narrower", "wider", "overlap", "across-lines", NULL};
enum { SAME, NARROWER, WIDER, OVERLAP, ACROSS };
static struct option options[] = {[HOW] = {"how", SAME, 0, ACROSS, ways}};

static _Alignas(LINE) char lines[4 * LINE];
static word last;

/* In each of them what is loaded decides what is stored next, so that the pairs cannot overlap in time. Addresses are
   chosen for little-endian machines, which all of ours are. */

static void store_and_load(char *at)
{
    word value = last;
    for (int i = 0; i < PAIRS; i++) {
        store_word(at, value + 1);
        value = load_word(at);
    }
    last = value;
}

static void load_half(char *at)
{
    word value = last;
    for (int i = 0; i < PAIRS; i++) {
        store_word(at, value + 1);
        value = *(const volatile half_word *)at;
    }
    last = value;
}

static void store_halves(char *at)
{
    word value = last;
    for (int i = 0; i < PAIRS; i++) {
        volatile half_word *halves = (volatile half_word *)at;
        halves[0] = (half_word)(value + 1);
        halves[1] = 0;
        value = load_word(at);
    }
    last = value;
}

/* The load begins within what was stored and ends behind it; the upper half of a small number and what follows are 0. */
static void load_beyond(char *at)
{
    word value = last;
    for (int i = 0; i < PAIRS; i++) {
        store_word(at, (value + 1) & 0xffff);
        value = (load_word(at + sizeof(half_word)) + value + 1) & 0xffff;
    }
    last = value;
}

static uint64_t pass(void)
{
    switch (options[HOW].value) {
    case SAME:
        store_and_load(lines);
        break;
    case NARROWER:
        load_half(lines);
        break;
    case WIDER:
        store_halves(lines);
        break;
    case OVERLAP:
        load_beyond(lines);
        break;
    default:
        store_and_load(lines + LINE - sizeof(half_word));
    }
    return PAIRS;
}

static void prepare(void) { pass(); }

static void check(void) { printf("{\"check\": {\"last\": %u}}\n", (unsigned)(last & 0xffff)); }

int main(int argc, char **argv)
{
    const struct workload forward = {"store_forward", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&forward, argc, argv);
}
