/* What the guest tells through its system calls: regions of interest, and where huge pages are. */
#ifndef MEMSIM_GUEST_H
#define MEMSIM_GUEST_H

#include "core.h"

/* Choose the system call numbers of QEMU's `target_name`. Returns false for one that is not known. */
bool guest_init(const char *target);

bool guest_is_arm64(void);
bool guest_is_x86(void);

void guest_syscall(struct core *core, int64_t number, const uint64_t arguments[4]);
void guest_syscall_return(struct core *core, int64_t number, int64_t value);

#endif
