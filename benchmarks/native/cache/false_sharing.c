/* Threads that write words of their own, near each other: see false_sharing.md. */
#include "crew.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { DISTANCE, THREADS };
enum { WRITES = 1 << 16, MOST_DISTANCE = 4096 };

static struct option options[] = {[DISTANCE] = {"distance", 64, 8, MOST_DISTANCE},
                                  [THREADS] = {"threads", 2, 1, CREW_MOST}};
static _Alignas(MOST_DISTANCE) char memory[MOST_DISTANCE * CREW_MOST];

static volatile uint64_t *counter(unsigned thread)
{
    size_t distance = (size_t)options[DISTANCE].value / sizeof(uint64_t) * sizeof(uint64_t);
    return (volatile uint64_t *)(memory + thread * distance);
}

static void count(unsigned thread)
{
    volatile uint64_t *own = counter(thread);
    for (int i = 0; i < WRITES; i++)
        ++*own;
}

static void prepare(void)
{
    crew_start((unsigned)options[THREADS].value, count);
    crew_pass();
}

static uint64_t pass(void)
{
    crew_pass();
    return WRITES * options[THREADS].value;
}

static void check(void)
{
    uint64_t sum = 0;
    crew_end();
    for (unsigned thread = 0; thread < options[THREADS].value; thread++)
        sum += *counter(thread);
    printf("{\"check\": {\"counted\": %" PRIu64 "}}\n", sum);
}

int main(int argc, char **argv)
{
    const struct workload sharing = {"false_sharing", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&sharing, argc, argv);
}
