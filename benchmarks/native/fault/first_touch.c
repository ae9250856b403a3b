/* Fresh pages, touched for the first time: see first_touch.md. */
#include "mapping.h"
#include "page_states.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAGES, TOUCH, HUGE };
enum { WRITE, READ, READ_THEN_WRITE };

static const char *const touches[] = {"write", "read", "read-then-write", NULL};
static struct option options[] = {[PAGES] = {"pages", 512, 1, 1 << 18},
                                  [TOUCH] = {"touch", WRITE, 0, READ_THEN_WRITE, touches},
                                  [HUGE] = {"huge", 0, 0, 1}};
static char *mapping;
static size_t bytes;
static uint64_t stale;

static void map_afresh(void)
{
    if (munmap(mapping, bytes))
        give_up("munmap");
    mapping = mmap(mapping, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (mapping == MAP_FAILED)
        give_up("mmap");
    choose_pages(mapping, bytes, (int)options[HUGE].value);
}

/* What is read is 0, or the pages were not fresh. */
static uint64_t pass(void)
{
    uint64_t pages = options[PAGES].value;
    map_afresh();
    if (options[TOUCH].value != WRITE)
        stale += read_pages(mapping, pages);
    if (options[TOUCH].value != READ)
        write_pages(mapping, pages, 1);
    return pages;
}

static void prepare(void)
{
    bytes = (size_t)options[PAGES].value * SMALL_PAGE;
    mapping = map_aligned(bytes);
    pass();
}

static void check(void)
{
    printf("{\"check\": {\"stale\": %" PRIu64 ", \"written\": %" PRIu64 "}}\n", stale,
           read_pages(mapping, options[PAGES].value));
    report_pages(mapping, options[PAGES].value);
}

int main(int argc, char **argv)
{
    const struct workload touch = {"first_touch", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&touch, argc, argv);
}
