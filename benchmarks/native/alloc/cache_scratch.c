/* Objects that several threads write to, each its own, as near to each other as the allocator put them: see
   cache_scratch.md. */
#include "blocks.h"
#include "crew.h"

enum { THREADS, OBJECTS, SIZE };
enum { GIVEN, OWN };
enum { OBJECTS_A_LOOP = 200, WRITES = 500 };

static const char *const objects[] = {[GIVEN] = "given", [OWN] = "own", NULL};
static struct option options[] = {
    [THREADS] = {"threads", 2, 1, CREW_MOST},
    [OBJECTS] = {"objects", GIVEN, GIVEN, OWN, objects},
    [SIZE] = {"size", 8, 8, 1 << 16},
};

static struct worker {
    struct tally tally;
    char *object;
} workers[CREW_MOST];

static void write_often(char *object)
{
    volatile uint32_t *word = (volatile uint32_t *)(void *)object + 1; /* the first is the block's size */
    *word = 0;
    for (int i = 0; i < WRITES; i++)
        *word += 1;
}

static void work(unsigned index)
{
    struct worker *me = &workers[index];
    for (int i = 0; i < OBJECTS_A_LOOP; i++) {
        block_free(&me->tally, me->object);
        me->object = block_new(&me->tally, options[SIZE].value);
        write_often(me->object);
    }
}

static void prepare(void)
{
    /* Allocated by one thread they lie side by side: an allocator that lets each thread reuse the one it was given
       keeps them there. */
    for (unsigned i = 0; i < options[THREADS].value && options[OBJECTS].value == GIVEN; i++)
        workers[i].object = block_new(&workers[i].tally, options[SIZE].value);
    crew_start((unsigned)options[THREADS].value, work);
    crew_pass();
}

static uint64_t pass(void)
{
    crew_pass();
    return OBJECTS_A_LOOP * options[THREADS].value;
}

static void check(void)
{
    struct tally sum = {0};
    crew_end();
    for (unsigned i = 0; i < options[THREADS].value; i++) {
        block_free(&workers[i].tally, workers[i].object);
        tally_add(&sum, &workers[i].tally);
    }
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload scratch = {"cache_scratch", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&scratch, argc, argv);
}
