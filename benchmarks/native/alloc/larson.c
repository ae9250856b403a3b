/* A server's threads, and those that come after them: see larson.md. */
#include "blocks.h"
#include "shift.h"
#include "sizes.h"
#include "workers.h"

#include <dlfcn.h>

enum { THREADS, LIVE, FREE };
enum { PLAIN, SIZED };
enum { PAIRS_A_LOOP = 16384, SIZE_LEAST = 8, SIZE_MOST = 512 };

static const char *const frees[] = {[PLAIN] = "plain", [SIZED] = "sized", NULL};
static struct option options[] = {
    [THREADS] = {"threads", 2, 1, SHIFT_MOST},
    [LIVE] = {"live", 1000, 1, 1 << 16},
    [FREE] = {"free", PLAIN, PLAIN, SIZED, frees},
};

static unsigned generation;

static void (*free_sized_found)(void *, size_t);
static void (*sdallocx_found)(void *, size_t, int);

/* A free that is told the size, as C23, gperftools, mimalloc and jemalloc call it; plain free where none is. */
static void find_sized_free(void)
{
    static const char *const names[] = {"free_sized", "tc_free_sized", "mi_free_size"};
    const char *found = "free";
    for (unsigned i = 0; i < sizeof names / sizeof *names && !free_sized_found; i++)
        if ((*(void **)&free_sized_found = dlsym(RTLD_DEFAULT, names[i])))
            found = names[i];
    if (!free_sized_found && (*(void **)&sdallocx_found = dlsym(RTLD_DEFAULT, "sdallocx")))
        found = "sdallocx";
    printf("{\"facts\": {\"sized_free\": \"%s\"}}\n", found);
}

static void give_back(struct tally *tally, char *block)
{
    if (!block)
        return;
    uint64_t size = block_leave(tally, block);
    if (free_sized_found)
        free_sized_found(block, (size_t)size);
    else if (sdallocx_found)
        sdallocx_found(block, (size_t)size, 0);
    else
        free(block);
}

/* A thread inherits the blocks of another's predecessor: what it frees, a thread allocated that has ended. */
static void work(unsigned index)
{
    struct worker *me = &workers[index];
    char **blocks = workers[(index + generation) % options[THREADS].value].blocks;
    for (int i = 0; i < PAIRS_A_LOOP; i++) {
        char **at = &blocks[random_step(&me->random) % options[LIVE].value];
        give_back(&me->tally, *at);
        *at = block_new(&me->tally, even_size(random_step(&me->random), SIZE_LEAST, SIZE_MOST));
    }
}

static uint64_t pass(void)
{
    generation++;
    shift_pass((unsigned)options[THREADS].value, work);
    return PAIRS_A_LOOP * options[THREADS].value;
}

static void prepare(void)
{
    if (options[FREE].value == SIZED)
        find_sized_free();
    workers_new(options[THREADS].value, options[LIVE].value);
    pass();
}

static void check(void)
{
    workers_clear(options[THREADS].value, options[LIVE].value, give_back);
    struct tally sum = workers_tally(options[THREADS].value);
    tally_tell(&sum, NULL, 0);
}

int main(int argc, char **argv)
{
    const struct workload larson = {"larson", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&larson, argc, argv);
}
