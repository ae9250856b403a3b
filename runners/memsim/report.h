/* Regions of interest, and the lines they leave: JSON, one object a line, as `out` was asked for. */
#ifndef MEMSIM_REPORT_H
#define MEMSIM_REPORT_H

#include "core.h"

/* Create `out` with the header line. Returns false after a line on stderr; an existing file is refused. */
bool report_open(const struct options *options, const char *target);

/* The workload enters region `index`: count from here. */
void report_begin(uint64_t index);

/* The workload has left region `index`: write its line now, since the guest may yet die of a signal. */
void report_end(uint64_t index);

/* Whether a region is open. */
bool report_is_open(void);

/* The guest is about to kill itself, or a child of its own does: what nobody could tell from its end. */
void report_kill(void);

/* The guest is about to execute another program, which nobody emulates; or it `failed` to, and goes on. */
void report_exec(bool failed);

/* The guest exits by itself, and `more` fields belong to its line; without this line the run ended otherwise. Returns false in a forked child. */
bool report_close(const char *more);

#endif
