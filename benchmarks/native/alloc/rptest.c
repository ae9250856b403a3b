/* Blocks of any size, a share of them freed by other threads: see rptest.md. */
#include "blocks.h"
#include "crew.h"
#include "sizes.h"
#include "workers.h"

#include <stdatomic.h>

enum { THREADS, CROSS, LIVE };
enum { PAIRS_A_LOOP = 16384, SIZE_LEAST = 16, SIZE_MOST = 8000, SHARED = 4096 };

static struct option options[] = {
    [THREADS] = {"threads", 2, 1, CREW_MOST},
    [CROSS] = {"cross", 25, 0, 100},
    [LIVE] = {"live", 1000, 1, 1 << 16},
};

static _Atomic(char *) shared[SHARED];

/* Of a hundred blocks `cross` change places with one that any thread left there: the next to go there frees it. */
static void work(unsigned index)
{
    struct worker *me = &workers[index];
    for (int i = 0; i < PAIRS_A_LOOP; i++) {
        char **at = &me->blocks[random_step(&me->random) % options[LIVE].value];
        uint64_t random = random_step(&me->random);
        if (random % 100 < options[CROSS].value)
            *at = atomic_exchange(&shared[(random >> 32) % SHARED], *at);
        block_free(&me->tally, *at);
        *at = block_new(&me->tally, even_size(random_step(&me->random), SIZE_LEAST, SIZE_MOST));
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
    for (unsigned i = 0; i < SHARED; i++)
        block_free(&sum, shared[i]);
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload test = {"rptest", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&test, argc, argv);
}
