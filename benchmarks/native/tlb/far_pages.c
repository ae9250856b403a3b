/* Pointer chase over pages that lie far apart: see far_pages.md. */
#include "chase.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAGES, APART };
enum { MOST_PAGES = 1 << 14, MOST_PASSED_OVER = 1 << 16, TABLE_ENTRIES = 512 };

static const char *const distances[] = {"4k", "2m", "1g", NULL};
static const uint64_t bytes_apart[] = {UINT64_C(1) << 12, UINT64_C(1) << 21, UINT64_C(1) << 30};
static struct option options[] = {[PAGES] = {"pages", 64, 1, MOST_PAGES},
                                  [APART] = {"apart", 1, 0, 2, distances}};
static void *cells[MOST_PAGES];
static void *at;
static uint64_t passed_over;

static void *map_page(uintptr_t wanted)
{
    void *page = mmap((void *)wanted, SMALL_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        give_up("mmap");
    return page;
}

/* Another slot of its table for each page, and another line within it: else all would meet in one set of the TLB and of
   the caches, and it is the tables' own lines that are to decide. */
static uintptr_t slot(uint32_t page, uint64_t apart)
{
    uintptr_t within = apart > SMALL_PAGE ? (uintptr_t)(page % TABLE_ENTRIES) * SMALL_PAGE : 0;
    return within + (uintptr_t)page * CHASE_LINE % SMALL_PAGE;
}

/* Regions are tried downwards from the first, where most kernels have the widest gap, then upwards. */
static uintptr_t region(uintptr_t first, uint64_t number, uint64_t apart)
{
    uint64_t below = first / apart;
    return first + (uintptr_t)(number < below ? -(number + 1) * apart : (number - below + 1) * apart);
}

/* Maps a page in each of `pages` regions; one that is taken is passed over. */
static void map_regions(uint32_t pages, uint64_t apart)
{
    uintptr_t first = (uintptr_t)map_page(0) & ~(uintptr_t)(apart - 1);
    for (uint32_t page = 0; page < pages;) {
        uintptr_t wanted = region(first, page + passed_over, apart) + slot(page, apart);
        void *found = map_page(wanted & ~(uintptr_t)(SMALL_PAGE - 1));
        if ((uintptr_t)found == (wanted & ~(uintptr_t)(SMALL_PAGE - 1))) {
            cells[page++] = (void *)wanted;
        } else {
            munmap(found, SMALL_PAGE);
            if (++passed_over > MOST_PASSED_OVER)
                out_of_memory(pages * apart);
        }
    }
}

static void *cell(uint32_t page) { return cells[page]; }

static void prepare(void)
{
    uint32_t pages = (uint32_t)options[PAGES].value;
    map_regions(pages, bytes_apart[options[APART].value]);
    at = chase_link(pages, cell);
    chase_go(&at, pages);
}

static uint64_t pass(void) { return chase_go(&at, (uint32_t)options[PAGES].value); }

static void check(void)
{
    uint64_t pages = options[PAGES].value;
    printf("{\"facts\": {\"regions_taken\": %" PRIu64 "}}\n", passed_over);
    printf("{\"check\": {\"cycle\": %" PRIu64 ", \"back_at_start\": %s}}\n", chase_length(cell(0), pages),
           at == cell(0) ? "true" : "false");
}

int main(int argc, char **argv)
{
    const struct workload chase = {"far_pages", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&chase, argc, argv);
}
