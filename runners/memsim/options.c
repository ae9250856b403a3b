#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 64u
#define MAX_WAYS 4096u
#define MAX_SETS (1u << 20)

static bool refuse(const char *argument, const char *why)
{
    fprintf(stderr, "memsim: %s: %s\n", argument, why);
    return false;
}

static bool power_of_two(uint64_t value)
{
    return value && !(value & (value - 1));
}

/* Digits only, up to `last`; strtoull alone would take signs and blanks as well. */
static bool parse_number(const char *text, char last, uint64_t *value, const char **rest)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    *value = strtoull(text, &end, 10);
    *rest = end + (last != '\0');
    return *end == last && *value > 0 && *value <= UINT32_MAX;
}

/* `unit` is what one way of one set holds: a line's bytes in a cache, 1 entry in a TLB. */
static bool parse_shape(const char *argument, const char *value, uint64_t unit, struct shape *shape)
{
    uint64_t size, ways;
    const char *rest;
    if (!parse_number(value, ':', &size, &rest) || !parse_number(rest, '\0', &ways, &rest))
        return refuse(argument, "expected SIZE:WAYS, two positive integers");
    if (ways > MAX_WAYS)
        return refuse(argument, "more than 4096 ways");
    if (size % (ways * unit))
        return refuse(argument, "the size is not a multiple of what one set holds");
    uint64_t sets = size / (ways * unit);
    if (!power_of_two(sets) || sets > MAX_SETS)
        return refuse(argument, "the number of sets must be a power of two of at most 2^20");
    *shape = (struct shape){(uint32_t)sets, (uint32_t)ways};
    return true;
}

static bool parse_walk(const char *argument, const char *value, struct options *options)
{
    uint64_t entries, levels;
    const char *rest;
    if (!parse_number(value, ':', &entries, &rest) || !parse_number(rest, '\0', &levels, &rest))
        return refuse(argument, "expected ENTRIES:LEVELS, two positive integers");
    if (entries > MAX_WAYS || levels < 2 || levels > 5)
        return refuse(argument, "more than 4096 entries, or not 2 to 5 levels");
    options->walk = (struct shape){1, (uint32_t)entries};
    options->walk_levels = (unsigned)levels;
    return true;
}

static bool parse_choice(const char *argument, const char *value, const char *yes, const char *no,
                         bool *choice)
{
    *choice = !strcmp(value, yes);
    return *choice || !strcmp(value, no) || refuse(argument, "not one of the two values it can have");
}

static bool parse_event(const char *argument, const char *value, unsigned *record)
{
    static const char *const events[] = {"dtlb_misses", "stlb_misses", "l1d_misses", "l2_misses",
                                         "walk_loads",  "itlb_misses", "l1i_misses", "instructions"};
    for (*record = 0; *record < NOTHING; ++*record)
        if (!strcmp(value, events[*record]))
            return true;
    return refuse(argument, "no event that can be recorded");
}

static bool parse_one(const char *argument, struct options *options)
{
    const char *equals = strchr(argument, '=');
    if (!equals)
        return refuse(argument, "expected name=value");
    const char *value = equals + 1;
    size_t length = (size_t)(equals - argument);
#define IS(name) (length == sizeof(name) - 1 && !memcmp(argument, name, length))
    if (IS("out"))
        return (options->out = strdup(value)) && (*value == '/' || refuse(argument, "not an absolute path"));
    if (IS("mode"))
        return parse_choice(argument, value, "full", "icount", &options->full);
    if (IS("threads"))
        return parse_choice(argument, value, "on", "off", &options->threads);
    if (IS("shared"))
        return parse_choice(argument, value, "l2", "nothing", &options->shared);
    if (IS("group"))
        return parse_choice(argument, value, "on", "off", &options->group);
    if (IS("check"))
        return parse_choice(argument, value, "on", "off", &options->check);
    if (IS("record"))
        return parse_event(argument, value, &options->record);
    if (IS("l1d"))
        return parse_shape(argument, value, LINE_BYTES, &options->l1d);
    if (IS("l2"))
        return parse_shape(argument, value, LINE_BYTES, &options->l2);
    if (IS("l1i"))
        return parse_shape(argument, value, LINE_BYTES, &options->l1i);
    if (IS("itlb"))
        return parse_shape(argument, value, 1, &options->itlb);
    if (IS("dtlb"))
        return parse_shape(argument, value, 1, &options->dtlb);
    if (IS("stlb"))
        return parse_shape(argument, value, 1, &options->stlb);
    if (IS("walk"))
        return parse_walk(argument, value, options);
#undef IS
    return refuse(argument, "unknown; known are out, mode, threads, shared, group, check, record, l1d, l2, dtlb, stlb, l1i, itlb, walk");
}

bool options_parse(int argc, char **argv, struct options *options)
{
    *options = (struct options){.full = true, .group = true, .record = NOTHING};
    for (int i = 0; i < argc; i++)
        if (!parse_one(argv[i], options))
            return false;
    if (!options->out)
        return refuse("out", "missing: say where the counts go, out=/absolute/path");
    if (options->full && !(options->l1d.ways && options->l2.ways && options->dtlb.ways &&
                           options->stlb.ways))
        return refuse("mode=full", "needs l1d, l2, dtlb and stlb");
    if (!options->full && options->record < INSTRUCTIONS)
        return refuse("mode=icount", "has no misses to record");
    if (options->l1i.ways ? !options->itlb.ways || !options->full : options->itlb.ways)
        return refuse("l1i", "goes with itlb and mode=full");
    if ((options->record == ITLB_MISSES || options->record == L1I_MISSES) && !options->l1i.ways)
        return refuse("record", "needs l1i and itlb");
    if (options->check && (options->threads || !options->full || options->record != NOTHING))
        return refuse("check=on", "needs mode=full and threads=off, and records nothing");
    if (options->record == WALK_LOADS && !options->walk_levels)
        return refuse("record=walk_loads", "needs walk");
    return true;
}
