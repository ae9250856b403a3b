/* Where the region of interest begins and ends, told to whoever counts. Private to workload.c. */
#ifndef PAGEWALK_MARKS_H
#define PAGEWALK_MARKS_H

#include "leaving.h"

#include <sys/prctl.h>
#include <unistd.h>

enum { MARK = 0x70616765, MARK_BEGIN = 1, MARK_END = 2 };

static int control = -1, acknowledge = -1;

static void find_control(void)
{
    const char *text = getenv("PAGEWALK_CONTROL");
    char rest;
    if (text && (sscanf(text, "%d,%d%c", &control, &acknowledge, &rest) != 2 || control < 0 || acknowledge < 0))
        usage("PAGEWALK_CONTROL", "expected two file descriptors, as 3,4");
}

static void tell(const char *word)
{
    /* perf sends the answer's final NUL too, ours does not: take what one read gives. */
    char answer[16];
    ssize_t length;
    if (control < 0)
        return;
    if (write(control, word, strlen(word)) != (ssize_t)strlen(word))
        give_up("PAGEWALK_CONTROL: writing");
    do
        length = read(acknowledge, answer, sizeof answer);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        give_up("PAGEWALK_CONTROL: reading the answer");
    if (length < 4 || memcmp(answer, "ack\n", 4)) {
        fprintf(stderr, "PAGEWALK_CONTROL: expected ack and a newline after %.*s\n", (int)strlen(word) - 1, word);
        exit(EXIT_OS);
    }
}

static void begin_region(unsigned long index)
{
    tell("enable\n");
    prctl(MARK, MARK_BEGIN, index, 0, 0);
}

static void end_region(unsigned long index)
{
    prctl(MARK, MARK_END, index, 0, 0);
    tell("disable\n");
}

#endif
