#define _GNU_SOURCE
#include "workload.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { EXIT_USAGE = 64, EXIT_OS = 71, MARK = 0x70616765, MARK_BEGIN = 1, MARK_END = 2 };

static struct {
    uint64_t loops, seed, describe;
    double min_time;
    int control, acknowledge;
} settings = {.seed = 1, .min_time = 0.05, .control = -1, .acknowledge = -1};

static uint64_t random_state;

uint64_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

static void seed_random(uint64_t seed)
{
    /* A state of zero would stay zero; the odd constant spreads small seeds. */
    random_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    if (random_state == 0)
        random_state = 1;
    for (int i = 0; i < 8; i++)
        next_random();
}

void sattolo(uint32_t *next, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        next[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t j = (uint32_t)random_below(i), kept = next[i];
        next[i] = next[j];
        next[j] = kept;
    }
}

_Noreturn void give_up(const char *wanted)
{
    fprintf(stderr, "%s: %s\n", wanted, strerror(errno));
    exit(errno == ENOMEM ? EXIT_OS + 1 : EXIT_OS);
}

static _Noreturn void usage(const char *argument, const char *reason)
{
    fprintf(stderr, "%s: %s\n", argument, reason);
    exit(EXIT_USAGE);
}

/* ---- crash record: only what is safe in a signal handler ---- */

static uintptr_t program_counter(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.pc;
#elif defined(__riscv)
    return (uintptr_t)context->uc_mcontext.__gregs[0];
#elif defined(__arm__)
    return (uintptr_t)context->uc_mcontext.arm_pc;
#else
#error "say where the program counter is"
#endif
}

static char *append(char *to, const char *text)
{
    while (*text)
        *to++ = *text++;
    return to;
}

static char *append_number(char *to, uint64_t number, unsigned base)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
    } while (number /= base);
    while (count)
        *to++ = digits[--count];
    return to;
}

static void record_crash(int signal_number, siginfo_t *info, void *context)
{
    char line[160], *end = line;
    end = append(end, "{\"crash\": {\"signal\": ");
    end = append_number(end, (uint64_t)signal_number, 10);
    end = append(end, ", \"address\": \"0x");
    end = append_number(end, (uintptr_t)info->si_addr, 16);
    end = append(end, "\", \"pc\": \"0x");
    end = append_number(end, program_counter(context), 16);
    end = append(end, "\"}}\n");
    (void)!write(STDOUT_FILENO, line, (size_t)(end - line));
    /* SA_RESETHAND has put the default action back: die of the same signal. */
    raise(signal_number);
}

static void watch_for_crashes(void)
{
    static char stack[1 << 16];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = record_crash,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};
    const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &action, NULL);
}

/* ---- marks ---- */

static void tell(const char *word)
{
    char answer[16];
    if (settings.control < 0)
        return;
    if (write(settings.control, word, strlen(word)) < 0 ||
        read(settings.acknowledge, answer, sizeof answer) <= 0)
        give_up("talking to whoever counts (PAGEWALK_CONTROL)");
}

static void begin_region(unsigned long index)
{
    tell("enable\n");
    prctl(MARK, MARK_BEGIN, index, 0, 0);
}

static void end_region(unsigned long index)
{
    prctl(MARK, MARK_END, index, 0, 0);
    tell("disable\n");
}

static void find_control(void)
{
    const char *control = getenv("PAGEWALK_CONTROL");
    if (control && sscanf(control, "%d,%d", &settings.control, &settings.acknowledge) != 2)
        usage("PAGEWALK_CONTROL", "expected two file descriptors, as 3,4");
}

/* ---- options ---- */

static uint64_t parse(const char *argument, const char *text, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < least || value > most) {
        fprintf(stderr, "%s: expected a number from %" PRIu64 " to %" PRIu64 "\n", argument, least, most);
        exit(EXIT_USAGE);
    }
    return value;
}

static const char *value_of(const char *argument, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(argument, "--", 2) || strncmp(argument + 2, name, length) || argument[2 + length] != '=')
        return NULL;
    return argument + 3 + length;
}

static int take_common(const char *argument)
{
    const char *text;
    if ((text = value_of(argument, "loops")))
        settings.loops = parse(argument, text, 0, UINT64_C(1) << 40);
    else if ((text = value_of(argument, "seed")))
        settings.seed = parse(argument, text, 0, UINT64_MAX);
    else if ((text = value_of(argument, "describe")))
        settings.describe = parse(argument, text, 0, 1);
    else if ((text = value_of(argument, "min-time"))) {
        char *end;
        settings.min_time = strtod(text, &end);
        if (end == text || *end || !(settings.min_time > 0 && settings.min_time <= 3600))
            usage(argument, "expected seconds, above 0 and up to 3600");
    } else
        return 0;
    return 1;
}

static void take(const struct workload *workload, const char *argument)
{
    if (take_common(argument))
        return;
    for (size_t i = 0; i < workload->option_count; i++) {
        struct option *option = &workload->options[i];
        const char *text = value_of(argument, option->name);
        if (text) {
            option->value = parse(argument, text, option->least, option->most);
            return;
        }
    }
    usage(argument, "no such option; --describe=1 lists them");
}

static void describe(const struct workload *workload)
{
    printf("{\"workload\": \"%s\", \"options\": {", workload->name);
    for (size_t i = 0; i < workload->option_count; i++) {
        const struct option *option = &workload->options[i];
        printf("%s\"%s\": {\"default\": %" PRIu64 ", \"least\": %" PRIu64 ", \"most\": %" PRIu64 "}",
               i ? ", " : "", option->name, option->value, option->least, option->most);
    }
    puts("}}");
}

/* ---- measuring ---- */

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

/* Doubles until half of the wanted time, by when caches and clocks are warm, then scales up. */
static uint64_t calibrate(const struct workload *workload)
{
    for (uint64_t loops = 1;; loops *= 2) {
        double begin = seconds_now();
        repeat(workload, loops);
        double taken = seconds_now() - begin;
        if (taken >= settings.min_time)
            return loops;
        if (taken >= settings.min_time / 2)
            return (uint64_t)((double)loops * settings.min_time / taken * 1.05) + 1;
    }
}

static void name_allocator(void)
{
    Dl_info info;
    void *found = dlsym(RTLD_DEFAULT, "malloc");
    if (found && dladdr(found, &info) && info.dli_fname)
        printf("{\"facts\": {\"allocator\": \"%s\"}}\n", info.dli_fname);
    fflush(stdout);
}

static void measure(const struct workload *workload)
{
    uint64_t loops = settings.loops ? settings.loops : calibrate(workload);
    begin_region(0);
    double begin = seconds_now();
    uint64_t operations = repeat(workload, loops);
    double taken = seconds_now() - begin;
    end_region(0);
    printf("{\"region\": \"%s\", \"operations\": %" PRIu64 ", \"loops\": %" PRIu64 ", \"seconds\": %.9f}\n",
           workload->name, operations, loops, taken);
    fflush(stdout);
}

int workload_main(const struct workload *workload, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        take(workload, argv[i]);
    if (settings.describe) {
        describe(workload);
        return 0;
    }
    find_control();
    watch_for_crashes();
    name_allocator();
    seed_random(settings.seed);
    workload->prepare();
    measure(workload);
    if (workload->check)
        workload->check();
    fflush(stdout);
    return 0;
}
