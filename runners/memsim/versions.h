/*
 * What versions of QEMU's plugin interface do differently, behind functions that are the same for all of them.
 *
 * Version 2 (QEMU 9.0) took away additions to a word of the plugin's, which were not atomic, for words of each vCPU's
 * own. Version 3 copies an instruction's bytes and no longer points to them. Both come with symbols and numbers by
 * which one library knows where it is.
 */
#ifndef MEMSIM_VERSIONS_H
#define MEMSIM_VERSIONS_H

#include "qemu_plugin.h"

#define EXPORT __attribute__((visibility("default")))
#define LONGEST_INSTRUCTION 16u /* bytes; x86 has up to 15 */

void versions_init(const qemu_info_t *info);

/* Copies an instruction's bytes; returns how many they are. */
size_t instruction_code(const struct qemu_plugin_insn *, unsigned char code[LONGEST_INSTRUCTION]);

/* Let translated code add to the count of instructions, which is nearly free. */
void count_with_block(struct qemu_plugin_tb *, uint64_t instructions);
void count_with_instruction(struct qemu_plugin_insn *, uint64_t instructions);

/* Whether several vCPUs can be counted so at a time; where not, additions of one get lost to another's. */
bool counts_threads(void);

/* What was counted so by now, by all vCPUs. */
uint64_t instructions_counted(void);

#endif
