/* How much memory the blocks of a workload take: noted while they are alive, told when they are gone. */
#ifndef PAGEWALK_FOOTPRINT_H
#define PAGEWALK_FOOTPRINT_H

#include "workload.h"

static struct {
    uint64_t before, live, grown;
} footprint;

/* To be called before the first block, with the tables in place. */
static inline void footprint_begin(void) { footprint.before = resident_now(); }

/* Notes what `live` bytes take now. Best done in `prepare`: how often `pass` has run depends on calibration. */
static inline void footprint_note(uint64_t live)
{
    uint64_t now = resident_now();
    footprint.live = live;
    footprint.grown = now > footprint.before ? now - footprint.before : 0;
}

/* To be called when all is freed. */
static inline void footprint_tell(void) { report_memory(footprint.live, footprint.grown, resident_now()); }

#endif
