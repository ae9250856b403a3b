/* The workload contract (benchmarks/CONTRACT.md) for C: options in, marks around the region, JSON lines out. */
#ifndef PAGEWALK_WORKLOAD_H
#define PAGEWALK_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

/* One parameter of a workload: `--name=value`, from `least` to `most`; `value` holds the default until it is given.
   With `words` (ended by NULL) it takes one of them, and `value` is which: least 0, most the last. With `text`, which
   then is the default, it takes any text. */
struct option {
    const char *name;
    uint64_t value;
    uint64_t least;
    uint64_t most;
    const char *const *words;
    const char *text;
};

/* What a workload is. `pass` does one loop and returns the operations it did; it is all that is measured. */
struct workload {
    const char *name;
    struct option *options;
    size_t option_count;
    void (*prepare)(void);
    uint64_t (*pass)(void);
    void (*check)(void);
};

/* Runs a workload from its command line; returns what main is to return. */
int workload_main(const struct workload *workload, int argc, char **argv);

/* xorshift64*: Marsaglia, Xorshift RNGs, 2003; Vigna's multiplier. The state is never 0. */
static inline uint64_t random_step(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* The generator of the thread that runs `prepare` and `pass`, seeded by --seed before `prepare`. Another thread takes
   one number of it, never 0, as the state of its own generator. */
uint64_t next_random(void);

/* The remainder's bias is below 2^-32 for the small bounds workloads use. */
static inline uint64_t random_below(uint64_t bound) { return next_random() % bound; }

/* The resident set of this process in bytes; 0 where the kernel does not say. */
uint64_t resident_now(void);

/* Says how much memory the workload's blocks took: bytes asked for and alive, the growth of the resident set while they
   were, and the whole resident set when all were freed. To be called by `check`; 0 is what is not known. */
void report_memory(uint64_t live, uint64_t resident, uint64_t settled);

/* Ends the process with status 71 and one line: what was wanted and why it could not be had (errno). */
_Noreturn void give_up(const char *wanted);

/* The same for memory, whether or not the allocator under test sets errno. */
_Noreturn void out_of_memory(uint64_t bytes);

#endif
