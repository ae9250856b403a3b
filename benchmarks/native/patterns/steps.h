/* Steps of a random sequence, each decided by the sequence's number and its own: any of them may be left out, and the
   others do what they did. That is what lets a sequence be shrunk. */
#ifndef PAGEWALK_STEPS_H
#define PAGEWALK_STEPS_H

#include "workload.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS_MOST = 1 << 16 };

static unsigned char steps[STEPS_MOST];

/* SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014). */
static uint64_t step_random(uint64_t sequence, uint32_t step)
{
    uint64_t z = (sequence * STEPS_MOST + step + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Takes a number below `bound` out of `random`, and leaves what is left of it for the next. */
static uint64_t step_below(uint64_t *random, uint64_t bound)
{
    uint64_t found = *random % bound;
    *random = *random / bound * UINT64_C(0x9e3779b97f4a7c15) + found;
    return found;
}

static _Noreturn void steps_refuse(const char *text)
{
    fprintf(stderr, "--keep=%s: expected steps below the length, rising, as 0-41,57,60-63\n", text);
    exit(64);
}

/* Reads which steps are taken: `0-41,57`; all of them where the text is empty. */
static void steps_keep(const char *text, uint32_t length)
{
    const char *at = text;
    uint64_t least = 0;
    for (uint32_t i = 0; !*text && i < length; i++)
        steps[i] = 1;
    while (*at) {
        char *end;
        uint64_t begin = strtoull(at, &end, 10), last = begin;
        if (*at < '0' || *at > '9')
            steps_refuse(text);
        if (*end == '-') {
            at = end + 1;
            if (*at < '0' || *at > '9')
                steps_refuse(text);
            last = strtoull(at, &end, 10);
        }
        if (begin < least || last < begin || last >= length || (*end && (*end != ',' || !end[1])))
            steps_refuse(text);
        for (uint64_t i = begin; i <= last; i++)
            steps[i] = 1;
        least = last + 1;
        at = *end ? end + 1 : end;
    }
}

static int steps_kept(uint32_t step) { return steps[step]; }

#endif
