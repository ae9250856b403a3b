/* check=on: accesses that are known from others, compared with what QEMU tells of them. For one vCPU. */
#ifndef MEMSIM_CHECKS_H
#define MEMSIM_CHECKS_H

#include "groups.h"

/* What is to be kept of an instruction to say where something was wrong. `unknown` ones may access anything. */
const void *checks_about(struct code_view instruction, bool unknown);

/* A group was accessed: these are the next accesses, in order. */
void checks_expect(const struct core *core, const struct group *group);

/* An access, as QEMU tells it. The first few that are not the expected ones get a line on stderr. */
void checks_compare(const void *about, uint64_t address, struct kind kind);

/* For the report: how many accesses were told, how many of them were a group's, and how many were wrong. */
const char *checks_result(void);

#endif
