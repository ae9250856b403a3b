#include "report.h"

#include "versions.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct options *asked;
static pid_t owner;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct counts at_begin;
static uint64_t open_index;
static bool is_open;
static uint64_t regions;

/*
 * Opened anew for each line: a descriptor that stays open would be the guest's to close, and would
 * shift the numbers of its own. One write a line, so a line is there whole or not at all.
 */
static bool append(const char *line, int length, int flags)
{
    int file = open(asked->out, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0644);
    bool good = file >= 0 && write(file, line, (size_t)length) == length;
    if (!good)
        fprintf(stderr, "memsim: cannot write %s: %s\n", asked->out, strerror(errno));
    if (file >= 0)
        close(file);
    return good;
}

static int format_shape(char *to, size_t room, const char *name, struct shape shape)
{
    return snprintf(to, room, ", \"%s\": {\"sets\": %u, \"ways\": %u}", name, shape.sets, shape.ways);
}

bool report_open(const struct options *options, const char *target)
{
    char line[640];
    int n = 0;
    asked = options;
    owner = getpid();
    n += snprintf(line + n, sizeof line - (size_t)n,
                  "{\"memsim\": 1, \"target\": \"%s\", \"mode\": \"%s\", \"threads\": %s, \"max_vcpus\": %u",
                  target, options->full ? "full" : "icount", options->threads ? "true" : "false", MAX_CORES);
    if (options->full) {
        n += format_shape(line + n, sizeof line - (size_t)n, "l1d", options->l1d);
        n += format_shape(line + n, sizeof line - (size_t)n, "l2", options->l2);
        n += format_shape(line + n, sizeof line - (size_t)n, "dtlb", options->dtlb);
        n += format_shape(line + n, sizeof line - (size_t)n, "stlb", options->stlb);
    }
    if (options->l1i.ways) {
        n += format_shape(line + n, sizeof line - (size_t)n, "l1i", options->l1i);
        n += format_shape(line + n, sizeof line - (size_t)n, "itlb", options->itlb);
    }
    n += snprintf(line + n, sizeof line - (size_t)n, "}\n");
    return append(line, n, O_CREAT | O_EXCL);
}

static void write_region(uint64_t index, const struct counts *a, const struct counts *b)
{
    static const char *const names[LEVELS] = {"dtlb", "stlb", "l1d", "l2"};
    char line[1024];
    int n = snprintf(line, sizeof line, "{\"region\": %" PRIu64 ", \"vcpus\": %u, \"instructions\": %" PRIu64,
                     index, cores_seen(), b->instructions - a->instructions);
    if (asked->full)
        n += snprintf(line + n, sizeof line - (size_t)n,
                      ", \"loads\": %" PRIu64 ", \"stores\": %" PRIu64 ", \"zeroed_blocks\": %" PRIu64,
                      b->accesses[0] - a->accesses[0], b->accesses[1] - a->accesses[1],
                      b->zeroed_blocks - a->zeroed_blocks);
    for (int level = 0; level < LEVELS && asked->full; level++) {
        uint64_t loads = b->misses[level][0] - a->misses[level][0];
        uint64_t stores = b->misses[level][1] - a->misses[level][1];
        n += snprintf(line + n, sizeof line - (size_t)n,
                      ", \"%s_misses\": %" PRIu64 ", \"%s_store_misses\": %" PRIu64, names[level],
                      loads + stores, names[level], stores);
    }
    static const char *const fetches[LEVELS] = {"itlb", "stlb_fetch", "l1i", "l2_fetch"};
    for (int level = 0; level < LEVELS && asked->l1i.ways; level++)
        n += snprintf(line + n, sizeof line - (size_t)n, ", \"%s_misses\": %" PRIu64, fetches[level],
                      b->fetch_misses[level] - a->fetch_misses[level]);
    if (asked->full && asked->walk_levels)
        n += snprintf(line + n, sizeof line - (size_t)n, ", \"walk_loads\": %" PRIu64,
                      b->walk_loads - a->walk_loads);
    n += snprintf(line + n, sizeof line - (size_t)n, "}\n");
    append(line, n, 0);
}

static struct counts counts_now(void)
{
    struct counts now = cores_total();
    now.instructions += instructions_counted();
    return now;
}

bool report_is_open(void)
{
    return __atomic_load_n(&is_open, __ATOMIC_RELAXED);
}

void report_begin(uint64_t index)
{
    pthread_mutex_lock(&lock);
    __atomic_store_n(&is_open, true, __ATOMIC_RELAXED);
    open_index = index;
    at_begin = counts_now();
    pthread_mutex_unlock(&lock);
}

void report_end(uint64_t index)
{
    pthread_mutex_lock(&lock);
    struct counts now = counts_now();
    /* A forked child has a copy of all this, but the file is its parent's. */
    if (is_open && open_index == index && getpid() == owner) {
        write_region(index, &at_begin, &now);
        regions++;
    }
    __atomic_store_n(&is_open, false, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&lock);
}

void report_kill(void)
{
    char line[64];
    int n = snprintf(line, sizeof line, "{\"kills_itself\": true, \"vcpus\": %u}\n", cores_seen());
    append(line, n, 0);
}

void report_exec(bool failed)
{
    char line[64];
    if (getpid() != owner)
        return;
    int n = snprintf(line, sizeof line, "{\"replaced\": %s, \"vcpus\": %u}\n", failed ? "false" : "true",
                     cores_seen());
    append(line, n, 0);
}

bool report_close(const char *more)
{
    char line[256];
    if (getpid() != owner)
        return false;
    int n = snprintf(line, sizeof line, "{\"end\": true, \"regions\": %" PRIu64 ", \"vcpus\": %u%s}\n", regions,
                     cores_seen(), more);
    return append(line, n, 0);
}
