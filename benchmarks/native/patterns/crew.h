/* Threads that work side by side: each does its piece once at every pass, and the pass ends when all have. */
#ifndef PAGEWALK_CREW_H
#define PAGEWALK_CREW_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* barriers, also with -std=c11 */
#endif

#include "workload.h"

#include <errno.h>
#include <pthread.h>

enum { CREW_MOST = 64 };

static struct {
    pthread_t threads[CREW_MOST];
    unsigned count;
    void (*work)(unsigned index);
    pthread_barrier_t begin, end;
    int dismissed;
} crew;

static void *crew_member(void *index)
{
    for (;;) {
        pthread_barrier_wait(&crew.begin);
        if (crew.dismissed)
            return NULL;
        crew.work((unsigned)(uintptr_t)index);
        pthread_barrier_wait(&crew.end);
    }
}

/* Starts `count` threads, at most CREW_MOST; each will call `work` with its index. */
static void crew_start(unsigned count, void (*work)(unsigned index))
{
    crew.count = count;
    crew.work = work;
    pthread_barrier_init(&crew.begin, NULL, count + 1);
    pthread_barrier_init(&crew.end, NULL, count + 1);
    for (unsigned i = 0; i < count; i++)
        if ((errno = pthread_create(&crew.threads[i], NULL, crew_member, (void *)(uintptr_t)i)))
            give_up("pthread_create");
}

/* Lets every thread do its piece once; returns when the last is done. */
static void crew_pass(void)
{
    pthread_barrier_wait(&crew.begin);
    pthread_barrier_wait(&crew.end);
}

static void crew_end(void)
{
    crew.dismissed = 1;
    pthread_barrier_wait(&crew.begin);
    for (unsigned i = 0; i < crew.count; i++)
        pthread_join(crew.threads[i], NULL);
    pthread_barrier_destroy(&crew.begin);
    pthread_barrier_destroy(&crew.end);
}

#endif
