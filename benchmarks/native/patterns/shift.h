/* Threads that live for one pass: born, at work side by side, gone when the pass ends. */
#ifndef PAGEWALK_SHIFT_H
#define PAGEWALK_SHIFT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "workload.h"

#include <errno.h>
#include <pthread.h>

enum { SHIFT_MOST = 64 };

static void (*shift_work)(unsigned index);

static void *shift_member(void *index)
{
    shift_work((unsigned)(uintptr_t)index);
    return NULL;
}

/* Starts `count` threads, at most SHIFT_MOST; each calls `work` with its index and ends. Returns when all have. */
static void shift_pass(unsigned count, void (*work)(unsigned index))
{
    pthread_t threads[SHIFT_MOST];
    shift_work = work;
    for (unsigned i = 0; i < count; i++)
        if ((errno = pthread_create(&threads[i], NULL, shift_member, (void *)(uintptr_t)i)))
            give_up("pthread_create");
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

#endif
