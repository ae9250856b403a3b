/* Pages written while a forked child shares them: see copy_on_write.md. */
#include "mapping.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES, PERCENT };

static struct option options[] = {[PAGES] = {"pages", 256, 1, 1 << 18}, [PERCENT] = {"percent", 100, 1, 100}};
static char *mapping;
static uint64_t written;

/* A child that shares all pages until it is told to end, by the end of its pipe. */
struct child {
    pid_t id;
    int pipe;
};

/* The child: waits for the end of the pipe, then says by its status whether its pages are as they were. */
static _Noreturn void share(int pipe, int look, uint64_t expected)
{
    char byte;
    while (read(pipe, &byte, 1) > 0)
        ;
    _exit(look && read_pages(mapping, options[PAGES].value) != expected);
}

static struct child begin_sharing(int look, uint64_t expected)
{
    int ends[2];
    if (pipe(ends))
        give_up("pipe");
    pid_t id = fork();
    if (id < 0)
        give_up("fork");
    if (id == 0) {
        close(ends[1]);
        share(ends[0], look, expected);
    }
    close(ends[0]);
    return (struct child){id, ends[1]};
}

/* Returns whether the child ended well. */
static int end_sharing(struct child child)
{
    int status;
    close(child.pipe);
    if (waitpid(child.id, &status, 0) != child.id)
        give_up("waitpid");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static uint64_t pass(void)
{
    struct child child = begin_sharing(0, 0);
    write_pages(mapping, written, 1);
    if (!end_sharing(child))
        give_up("a child that shares pages died");
    return written;
}

static void prepare(void)
{
    uint64_t pages = options[PAGES].value;
    written = pages * options[PERCENT].value / 100;
    written += !written;
    mapping = map_aligned(pages * SMALL_PAGE);
    choose_pages(mapping, pages * SMALL_PAGE, 0);
    write_pages(mapping, pages, 1);
}

/* Once more, where parent and child look at what they have: the child must not see what is written after the fork. */
static void check(void)
{
    uint64_t pages = options[PAGES].value;
    struct child child = begin_sharing(1, pages);
    write_pages(mapping, written, 2);
    int kept = end_sharing(child);
    printf("{\"check\": {\"child_kept_its_pages\": %s, \"parents_sum\": %" PRIu64 "}}\n", kept ? "true" : "false",
           read_pages(mapping, pages));
}

int main(int argc, char **argv)
{
    const struct workload copy = {"copy_on_write", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&copy, argc, argv);
}
