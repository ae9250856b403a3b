/* Objects that migrate between threads that come and go: see mstress.md. */
#include "blocks.h"
#include "shift.h"
#include "workers.h"

#include <stdatomic.h>

enum { THREADS, LIVE };
enum { OBJECTS_A_LOOP = 16384, LEAST_LOG2 = 4, DOUBLINGS = 10, SHARED = 1024 };

static struct option options[] = {[THREADS] = {"threads", 2, 1, SHIFT_MOST}, [LIVE] = {"live", 500, 1, 1 << 16}};

static _Atomic(char *) shared[SHARED];

/* 16 B to 16 KiB by powers of two, each half as likely as the one below. */
static uint64_t draw_size(struct worker *me)
{
    return UINT64_C(1) << (LEAST_LOG2 + __builtin_ctzll(random_step(&me->random) | UINT64_C(1) << DOUBLINGS));
}

/* A thread keeps what it allocates for a while, swaps every fourth with what others left, and is born with nothing. */
static void work(unsigned index)
{
    struct worker *me = &workers[index];
    for (int i = 0; i < OBJECTS_A_LOOP; i++) {
        char **at = &me->blocks[random_step(&me->random) % options[LIVE].value];
        block_free(&me->tally, *at);
        *at = block_new(&me->tally, draw_size(me));
        uint64_t random = random_step(&me->random);
        if (random % 4 == 0)
            *at = atomic_exchange(&shared[(random >> 32) % SHARED], *at);
    }
    for (uint64_t at = 0; at < options[LIVE].value; at++) {
        block_free(&me->tally, me->blocks[at]);
        me->blocks[at] = NULL;
    }
}

static uint64_t pass(void)
{
    shift_pass((unsigned)options[THREADS].value, work);
    return OBJECTS_A_LOOP * options[THREADS].value;
}

static void prepare(void)
{
    workers_new(options[THREADS].value, options[LIVE].value);
    pass();
}

static void check(void)
{
    struct tally sum = workers_tally(options[THREADS].value);
    for (unsigned i = 0; i < SHARED; i++)
        block_free(&sum, shared[i]);
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload stress = {"mstress", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&stress, argc, argv);
}
