/* A stack that grows page by page: see stack_growth.md. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES };
enum { PAGE = 4096, FRAME = 1024 };

static struct option options[] = {[PAGES] = {"pages", 256, 1, 1024}};
static uint64_t grown;

/* Calls itself until a frame lies at `limit` or below; returns how many there were. */
static __attribute__((noinline)) uint64_t descend(uintptr_t limit)
{
    volatile char frame[FRAME];
    frame[0] = 1;
    uint64_t below = (uintptr_t)frame > limit ? descend(limit) : 0;
    return below + (uint64_t)frame[0];
}

/* A child's stack is as its parent's was at the fork: it grows anew. */
static _Noreturn void grow(void)
{
    char here;
    uint64_t bytes = options[PAGES].value * PAGE;
    _exit(descend((uintptr_t)&here - (uintptr_t)bytes) == 0);
}

static uint64_t pass(void)
{
    int status;
    pid_t child = fork();
    if (child < 0)
        give_up("fork");
    if (child == 0)
        grow();
    if (waitpid(child, &status, 0) != child)
        give_up("waitpid");
    grown += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return options[PAGES].value;
}

static void prepare(void) { pass(); }

static void check(void) { printf("{\"check\": {\"grown\": %" PRIu64 "}}\n", grown); }

int main(int argc, char **argv)
{
    const struct workload growth = {"stack_growth", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&growth, argc, argv);
}
