/* Threads that come and go, and what stays when they are gone: see mleak.md. */
#include "blocks.h"
#include "footprint.h"
#include "shift.h"
#include "sizes.h"
#include "workers.h"

enum { THREADS, BLOCKS };
enum { KEPT_OF = 16, GENERATIONS = 8, SIZE_LEAST = 16, SIZE_MOST = 1024 };

static struct option options[] = {
    [THREADS] = {"threads", 1, 1, SHIFT_MOST},
    [BLOCKS] = {"blocks", 65536, 1, 1 << 22},
};

/* Frees what the one before it left, allocates as many anew, and leaves one of KEPT_OF when it ends. */
static void work(unsigned index)
{
    struct worker *me = &workers[index];
    for (uint64_t i = 0; i < options[BLOCKS].value; i++) {
        block_free(&me->tally, me->blocks[i]);
        me->blocks[i] = block_new(&me->tally, pareto_size(random_step(&me->random), SIZE_LEAST, SIZE_MOST));
    }
    for (uint64_t i = 0; i < options[BLOCKS].value; i++)
        if (i % KEPT_OF) {
            block_free(&me->tally, me->blocks[i]);
            me->blocks[i] = NULL;
        }
}

static uint64_t pass(void)
{
    shift_pass((unsigned)options[THREADS].value, work);
    return options[BLOCKS].value * options[THREADS].value;
}

static void prepare(void)
{
    workers_new(options[THREADS].value, options[BLOCKS].value);
    footprint_begin();
    for (int i = 0; i < GENERATIONS; i++)
        pass();
    struct tally sum = workers_tally(options[THREADS].value);
    footprint_note(tally_live(&sum));
}

static void check(void)
{
    workers_clear(options[THREADS].value, options[BLOCKS].value, block_free);
    struct tally sum = workers_tally(options[THREADS].value);
    footprint_tell();
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload leak = {"mleak", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&leak, argc, argv);
}
