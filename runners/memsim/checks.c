#include "checks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SAID 10u

struct about {
    uint64_t pc;
    bool unknown;
    unsigned char size, code[16];
};

struct access {
    uint64_t address;
    struct kind kind;
};

static struct access *expected;
static size_t room, count, at; /* those before `at` have come */
static uint64_t told, grouped, wrong;
static const struct about *last; /* that accessed something */

const void *checks_about(struct code_view instruction, bool unknown)
{
    struct about *about = calloc(1, sizeof *about);
    if (!about)
        abort();
    about->pc = instruction.pc;
    about->unknown = unknown;
    about->size = (unsigned char)(instruction.size < 16 ? instruction.size : 16);
    memcpy(about->code, instruction.code, about->size);
    return about;
}

static void expect(uint64_t address, struct kind kind)
{
    if (count == room && !(expected = realloc(expected, (room = 2 * room + 64) * sizeof *expected)))
        abort();
    expected[count++] = (struct access){address, kind};
}

static void print_access(struct access access)
{
    fprintf(stderr, "%s of %u bytes at %" PRIx64, access.kind.store ? "a store" : "a load", access.kind.extent + 1u,
            access.address);
}

/* `came` is NULL where nothing did. */
static void say(const struct access *came)
{
    if (wrong++ >= MAX_SAID || !last)
        return;
    fprintf(stderr, "memsim: by or after the instruction at %" PRIx64 " (", last->pc);
    for (unsigned i = 0; i < last->size; i++)
        fprintf(stderr, "%02x", last->code[i]);
    fprintf(stderr, came ? "): " : "): nothing");
    if (came)
        print_access(*came);
    fprintf(stderr, ", and expected was ");
    if (at < count)
        print_access(expected[at]);
    fprintf(stderr, at < count ? "\n" : "nothing\n");
}

static void miss_the_rest(void)
{
    for (; at < count; at++)
        say(NULL);
    count = at = 0;
}

void checks_expect(const struct core *core, const struct group *group)
{
    miss_the_rest();
    for (uint32_t i = 0; i < group->count; i++)
        expect(core->bases[group->steps[i].base] + (uint64_t)group->steps[i].offset, group->steps[i].kind);
}

/* How many of those expected, neighbours, are the access that came; 0 where it is another. */
static size_t matched(struct access came)
{
    unsigned bytes = came.kind.extent + 1u, done = 0;
    size_t from = at;
    while (done < bytes && from < count && expected[from].address == came.address + done &&
           expected[from].kind.store == came.kind.store)
        done += expected[from++].kind.extent + 1u;
    return done == bytes ? from - at : 0;
}

void checks_compare(const void *about, uint64_t address, struct kind kind)
{
    struct access came = {address, kind};
    last = about;
    told++;
    if (last->unknown) {
        miss_the_rest();
        return;
    }
    size_t right = matched(came);
    if (!right)
        say(&came);
    grouped += right > 0;
    at += right ? right : at < count;
}

const char *checks_result(void)
{
    static char text[128];
    miss_the_rest();
    snprintf(text, sizeof text, ", \"told\": %" PRIu64 ", \"grouped\": %" PRIu64 ", \"wrong\": %" PRIu64, told, grouped,
             wrong);
    return text;
}
