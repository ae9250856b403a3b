/* Threads that only allocate, and threads that only free: see xmalloc.md. */
#include "blocks.h"
#include "crew.h"

#include <string.h>

enum { PAIRS, SIZE };
enum { BATCH = 128, QUEUE = 16, BATCHES_A_LOOP = 64 };

static struct option options[] = {
    [PAIRS] = {"pairs", 1, 1, CREW_MOST / 2},
    [SIZE] = {"size", 64, BLOCK_LEAST, 1 << 20},
};
static struct tally tallies[CREW_MOST];

typedef char *batch[BATCH];

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned first, count;
    batch batches[QUEUE];
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* Waits until there is room for one batch more (1), or one to be taken (-1); returns where it is, the queue locked. */
static char **wait_for_place(int more)
{
    pthread_mutex_lock(&queue.lock);
    while (queue.count == (more > 0 ? QUEUE : 0))
        pthread_cond_wait(&queue.changed, &queue.lock);
    return queue.batches[more > 0 ? (queue.first + queue.count) % QUEUE : queue.first];
}

static void leave_place(int more)
{
    if (more < 0)
        queue.first = (queue.first + 1) % QUEUE;
    queue.count += (unsigned)more;
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.lock);
}

static void produce(struct tally *tally)
{
    batch blocks;
    for (int i = 0; i < BATCH; i++)
        blocks[i] = block_new(tally, options[SIZE].value);
    memcpy(wait_for_place(1), blocks, sizeof blocks);
    leave_place(1);
}

static void consume(struct tally *tally)
{
    batch blocks;
    memcpy(blocks, wait_for_place(-1), sizeof blocks);
    leave_place(-1);
    for (int i = 0; i < BATCH; i++)
        block_free(tally, blocks[i]);
}

/* As many batches come as go: when all are done the queue is empty. */
static void work(unsigned index)
{
    for (int i = 0; i < BATCHES_A_LOOP; i++)
        (index % 2 ? consume : produce)(&tallies[index]);
}

static void prepare(void)
{
    crew_start(2 * (unsigned)options[PAIRS].value, work);
    crew_pass();
}

static uint64_t pass(void)
{
    crew_pass();
    return BATCHES_A_LOOP * BATCH * options[PAIRS].value;
}

static void check(void)
{
    struct tally sum = {0};
    crew_end();
    for (unsigned i = 0; i < 2 * options[PAIRS].value; i++)
        tally_add(&sum, &tallies[i]);
    tally_tell(&sum, "queued", queue.count);
}

int main(int argc, char **argv)
{
    const struct workload xmalloc = {"xmalloc", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&xmalloc, argc, argv);
}
