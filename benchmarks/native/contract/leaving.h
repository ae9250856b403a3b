/* How a workload ends without a result, and with which status. Private to workload.c. */
#ifndef PAGEWALK_LEAVING_H
#define PAGEWALK_LEAVING_H

#include "workload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 64, EXIT_OS = 71 }; /* sysexits.h: EX_USAGE, EX_OSERR */

static _Noreturn void usage(const char *argument, const char *reason)
{
    fprintf(stderr, "%s: %s\n", argument, reason);
    exit(EXIT_USAGE);
}

_Noreturn void give_up(const char *wanted)
{
    fprintf(stderr, "%s: %s\n", wanted, strerror(errno));
    exit(EXIT_OS);
}

_Noreturn void out_of_memory(uint64_t bytes)
{
    fprintf(stderr, "%" PRIu64 " bytes: out of memory\n", bytes);
    exit(EXIT_OS);
}

#endif
