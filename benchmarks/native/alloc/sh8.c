/* Small batches freed by whichever thread finds them: see sh8.md. */
#include "blocks.h"
#include "crew.h"

#include <stdatomic.h>

enum { THREADS, BOXES };
enum { BATCH = 50, BATCHES_A_LOOP = 336, STEP = 8, SIZES = 42, BOXES_MOST = 1024 };

static struct option options[] = {
    [THREADS] = {"threads", 2, 1, CREW_MOST},
    [BOXES] = {"boxes", 20, 1, BOXES_MOST},
};

struct batch {
    char *blocks[BATCH];
};

static struct worker {
    struct tally tally;
    uint64_t random, turn;
    struct batch *batch;
} workers[CREW_MOST];
static _Atomic(struct batch *) boxes[BOXES_MOST];

static void fill(struct worker *me)
{
    uint64_t size = STEP + me->turn++ % SIZES * STEP;
    for (int i = 0; i < BATCH; i++)
        me->batch->blocks[i] = block_new(&me->tally, size);
}

/* Half of it last in first out, then the others in the order they came; a new batch has none. */
static void empty(struct worker *me)
{
    for (int i = BATCH - 1; i >= BATCH / 2; i--)
        block_free(&me->tally, me->batch->blocks[i]);
    for (int i = 0; i < BATCH / 2; i++)
        block_free(&me->tally, me->batch->blocks[i]);
}

static void work(unsigned index)
{
    struct worker *me = &workers[index];
    for (int i = 0; i < BATCHES_A_LOOP; i++) {
        fill(me);
        me->batch = atomic_exchange(&boxes[random_step(&me->random) % options[BOXES].value], me->batch);
        empty(me);
    }
}

static void prepare(void)
{
    struct batch *batches = table_new(options[THREADS].value + options[BOXES].value, sizeof *batches);
    for (uint64_t i = 0; i < options[BOXES].value; i++)
        boxes[i] = batches++;
    for (unsigned i = 0; i < options[THREADS].value; i++) {
        workers[i].batch = batches++;
        workers[i].random = next_random();
    }
    crew_start((unsigned)options[THREADS].value, work);
    crew_pass();
}

static uint64_t pass(void)
{
    crew_pass();
    return (uint64_t)BATCHES_A_LOOP * BATCH * options[THREADS].value;
}

static void check(void)
{
    struct tally sum = {0};
    crew_end();
    for (uint64_t i = 0; i < options[BOXES].value; i++) {
        workers[0].batch = boxes[i];
        empty(&workers[0]);
    }
    for (unsigned i = 0; i < options[THREADS].value; i++)
        tally_add(&sum, &workers[i].tally);
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload sh8 = {"sh8", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&sh8, argc, argv);
}
