#include "profile.h"

#include "report.h"
#include "stacks.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
    const struct block *block;
    uint32_t stack; /* of the function that executes it */
};

static const struct options *asked;
static struct place *places; /* one a vCPU */
static uint64_t host_offset;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool profile_init(const struct options *options, const char *target)
{
    asked = options;
    if (options->record == NOTHING)
        return true;
    calls_init(target);
    places = calloc(MAX_CORES, sizeof *places);
    if (places && stacks_init())
        return true;
    fprintf(stderr, "memsim: the host has no address space left for a profile\n");
    return false;
}

const struct block *profile_block(struct block block, uint64_t offset)
{
    struct block *kept = malloc(sizeof *kept);
    if (!kept)
        abort(); /* without memory, QEMU aborts as well */
    *kept = block;
    host_offset = offset;
    return kept;
}

static void add(const struct place *place, uint64_t count)
{
    pthread_mutex_lock(&lock);
    stacks_add(stacks_push(place->stack, place->block->pc), count);
    pthread_mutex_unlock(&lock);
}

/* Who calls and who has returned is known from how the block before was left, and where that led. */
static uint32_t follow(const struct place *from, uint64_t pc)
{
    switch (from->block->leaving) {
    case CALLS:
        return stacks_push(from->stack, from->block->end);
    case RETURNS:
        return stacks_return(from->stack, pc);
    default:
        return from->stack;
    }
}

void profile_enter(unsigned vcpu, const struct block *block)
{
    struct place *place = &places[vcpu];
    if (place->block && !asked->threads)
        place->stack = follow(place, block->pc);
    place->block = block;
    if (asked->record == INSTRUCTIONS && report_is_open())
        add(place, block->instructions);
}

uint64_t profile_count(const struct core *core)
{
    if (asked->record == WALK_LOADS)
        return core->counts.walk_loads;
    if (asked->record == ITLB_MISSES || asked->record == L1I_MISSES)
        return core->counts.fetch_misses[asked->record == ITLB_MISSES ? DTLB : L1D];
    const uint64_t *misses = core->counts.misses[asked->record];
    return misses[0] + misses[1];
}

void profile_misses(unsigned vcpu, uint64_t misses)
{
    if (places[vcpu].block && report_is_open())
        add(&places[vcpu], misses);
}

/* What is mapped from files, at the guest's addresses: `map START END OFFSET PATH`, and numbers in hexadecimal. */
static void write_maps(FILE *file)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char *line = NULL;
    size_t room = 0;
    while (maps && getline(&line, &room, maps) > 0) {
        uint64_t start, end, offset;
        int path = 0;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &start, &end, &offset, &path) == 3 &&
            path && line[path] == '/')
            fprintf(file, "map %" PRIx64 " %" PRIx64 " %" PRIx64 " %s", start - host_offset, end - host_offset,
                    offset, line + path);
    }
    free(line);
    if (maps)
        fclose(maps);
}

void profile_close(void)
{
    char *path = NULL;
    if (asked->record == NOTHING || asprintf(&path, "%s.stacks", asked->out) < 0)
        return;
    FILE *file = fopen(path, "wxe");
    if (file) {
        write_maps(file);
        stacks_write(file);
        fprintf(file, "lost %" PRIx64 "\n", stacks_lost());
    }
    if (!file || fclose(file))
        fprintf(stderr, "memsim: cannot write %s: %s\n", path, strerror(errno));
    free(path);
}
