/* Threads that each replace blocks of their own: see glibc_thread.md. */
#include "blocks.h"
#include "crew.h"
#include "sizes.h"
#include "workers.h"

enum { THREADS, LIVE };
enum { PAIRS_A_LOOP = 16384, SIZE_LEAST = 4, SIZE_MOST = 32768 };

static struct option options[] = {[THREADS] = {"threads", 2, 1, CREW_MOST}, [LIVE] = {"live", 1024, 1, 1 << 16}};

static void work(unsigned index)
{
    struct worker *me = &workers[index];
    for (int i = 0; i < PAIRS_A_LOOP; i++) {
        char **at = &me->blocks[random_step(&me->random) % options[LIVE].value];
        block_free(&me->tally, *at);
        *at = block_new(&me->tally, pareto_size(random_step(&me->random), SIZE_LEAST, SIZE_MOST));
    }
}

static void prepare(void)
{
    workers_new(options[THREADS].value, options[LIVE].value);
    crew_start((unsigned)options[THREADS].value, work);
    crew_pass();
}

static uint64_t pass(void)
{
    crew_pass();
    return PAIRS_A_LOOP * options[THREADS].value;
}

static void check(void)
{
    crew_end();
    workers_clear(options[THREADS].value, options[LIVE].value, block_free);
    struct tally sum = workers_tally(options[THREADS].value);
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload thread = {"glibc_thread", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&thread, argc, argv);
}
