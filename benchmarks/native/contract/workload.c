/* The engine of every C workload: benchmarks/CONTRACT.md. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr, and the registers in ucontext_t */
#endif

#include "workload.h"

#include "crash.h"
#include "marks.h"
#include "options.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <time.h>

static uint64_t random_state;

uint64_t next_random(void) { return random_step(&random_state); }

static void seed_random(uint64_t seed)
{
    /* The odd constant spreads small seeds; a seed below 2^63 plus 1 never makes the state 0, where it would stay. */
    random_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 8; i++)
        next_random();
}

static void print_json_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\' || byte < ' ')
            printf("\\u%04x", byte);
        else
            putchar(byte);
    }
    putchar('"');
}

/* Which object malloc comes from. Asked at run time: the address in a non-PIE's code is that of its own PLT. */
static void name_allocator(void)
{
    Dl_info info;
    void *found = dlsym(RTLD_DEFAULT, "malloc");
    if (!found || !dladdr(found, &info) || !info.dli_fname)
        return;
    printf("{\"facts\": {\"allocator\": ");
    print_json_string(info.dli_fname);
    puts("}}");
    fflush(stdout);
}

uint64_t resident_now(void)
{
    /* read(2) and not stdio, whose buffer would come from the allocator under test. */
    char text[128];
    int file = open("/proc/self/statm", O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    const char *resident = strchr(text, ' ');
    return resident ? strtoull(resident, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void print_bytes(const char *name, uint64_t bytes, const char **before)
{
    if (!bytes)
        return;
    printf("%s\"%s\": %" PRIu64, *before, name, bytes);
    *before = ", ";
}

void report_memory(uint64_t live, uint64_t resident, uint64_t settled)
{
    const char *before = "{\"memory\": {";
    print_bytes("live_bytes", live, &before);
    print_bytes("resident_bytes", resident, &before);
    print_bytes("settled_bytes", settled, &before);
    if (*before == ',')
        puts("}}");
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static uint64_t repeat(const struct workload *workload, uint64_t loops)
{
    uint64_t operations = 0;
    for (uint64_t i = 0; i < loops; i++)
        operations += workload->pass();
    return operations;
}

/* --burn-permille: of every thousand loops so many are done again, evenly spread, and their operations not counted. */
static uint64_t repeat_burning(const struct workload *workload, uint64_t loops)
{
    uint64_t operations = 0, owed = 0;
    for (uint64_t i = 0; i < loops; i++) {
        operations += workload->pass();
        for (owed += settings.burn; owed >= 1000; owed -= 1000)
            workload->pass();
    }
    return operations;
}

static double timed(const struct workload *workload, uint64_t loops)
{
    double begin = seconds_now();
    repeat(workload, loops);
    return seconds_now() - begin;
}

static double lesser(double a, double b) { return a < b ? a : b; }

/* Whether somebody else may have had the processor for most of this time: twice the loops took over four times as long,
   or nothing is known of fewer loops, and once more does not take long. */
static bool doubtful(double taken, double half) { return half > 0 ? taken > 4 * half : taken < 4 * settings.min_time; }

/* Doubles until half of the wanted time, by when caches and clocks are warm, then scales up. What is in doubt is taken
   once more, and the faster of the last two rates counts: whoever interrupts only ever makes slower. */
static uint64_t calibrate(const struct workload *workload)
{
    double half = 0; /* seconds that half as many loops took */
    for (uint64_t loops = 1;; loops *= 2) {
        double taken = timed(workload, loops);
        if (taken >= settings.min_time / 2 && doubtful(taken, half))
            taken = lesser(taken, timed(workload, loops));
        double least = half > 0 ? lesser(taken, 2 * half) : taken;
        if (least >= settings.min_time)
            return loops;
        if (taken >= settings.min_time / 2)
            return (uint64_t)((double)loops * settings.min_time / least * 1.05) + 1;
        half = taken;
    }
}

static void measure(const struct workload *workload)
{
    uint64_t loops = settings.loops ? settings.loops : calibrate(workload);
    begin_region(0);
    double begin = seconds_now();
    uint64_t operations = settings.burn ? repeat_burning(workload, loops) : repeat(workload, loops);
    double taken = seconds_now() - begin;
    end_region(0);
    printf("{\"region\": \"%s\", \"operations\": %" PRIu64 ", \"loops\": %" PRIu64 ", \"seconds\": %.9f}\n",
           workload->name, operations, loops, taken);
    fflush(stdout);
}

int workload_main(const struct workload *workload, int argc, char **argv)
{
    take_options(workload, argc, argv);
    find_control();
    watch_for_crashes();
    name_allocator();
    seed_random(settings.seed);
    workload->prepare();
    measure(workload);
    if (workload->check)
        workload->check();
    return fflush(stdout) ? EXIT_OS : 0;
}
