/*
 * A guest that sends SIGKILL to itself: the emulator dies of it, just as if somebody had killed the emulator. Only the
 * system call, told before it is made, says who it was.
 */
#ifndef MEMSIM_KILLS_H
#define MEMSIM_KILLS_H

#include <stdbool.h>
#include <stdint.h>

/* Choose the system call numbers of QEMU's `target_name`; this process is the guest's. Without them, none is told. */
void kills_init(const char *target);

/* Whether the call, by the guest or by a child it forked, is the guest's end by SIGKILL. */
bool kills_guest(int64_t number, const uint64_t arguments[3]);

#endif
