#include "versions.h"

#include <string.h>

/* Version 1 has the first two, later ones the others: what is not there is NULL. */
#define NOT_IN_ALL __attribute__((weak))
NOT_IN_ALL void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *counter,
                                                         uint64_t addend);
NOT_IN_ALL void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, enum qemu_plugin_op,
                                                           void *counter, uint64_t addend);
NOT_IN_ALL void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *, enum qemu_plugin_op,
                                                                  qemu_plugin_u64 counter, uint64_t addend);
NOT_IN_ALL void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *, enum qemu_plugin_op,
                                                                    qemu_plugin_u64 counter, uint64_t addend);
NOT_IN_ALL struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_bytes);
NOT_IN_ALL uint64_t qemu_plugin_u64_sum(qemu_plugin_u64);

/* One name, and not one function. */
const void *code_before_3(const struct qemu_plugin_insn *) __asm__("qemu_plugin_insn_data");
size_t code_since_3(const struct qemu_plugin_insn *, void *to, size_t room) __asm__("qemu_plugin_insn_data");

EXPORT int qemu_plugin_version = 1;

static bool copies;
static uint64_t counted; /* by version 1 */
static qemu_plugin_u64 counted_by_each;

/* QEMU reads the version when the library is loaded, and refuses one that is too old for it. */
__attribute__((constructor)) static void choose_version(void)
{
    if (qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu)
        qemu_plugin_version = 2;
}

void versions_init(const qemu_info_t *info)
{
    copies = info->version.cur >= 3;
    if (counts_threads())
        counted_by_each = (qemu_plugin_u64){qemu_plugin_scoreboard_new(sizeof(uint64_t)), 0};
}

size_t instruction_code(const struct qemu_plugin_insn *instruction, unsigned char code[LONGEST_INSTRUCTION])
{
    size_t size = qemu_plugin_insn_size(instruction);
    if (size > LONGEST_INSTRUCTION)
        size = LONGEST_INSTRUCTION;
    if (copies)
        return code_since_3(instruction, code, size);
    memcpy(code, code_before_3(instruction), size);
    return size;
}

void count_with_block(struct qemu_plugin_tb *block, uint64_t instructions)
{
    if (counts_threads())
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(block, QEMU_PLUGIN_INLINE_ADD_U64, counted_by_each,
                                                          instructions);
    else
        qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, &counted, instructions);
}

void count_with_instruction(struct qemu_plugin_insn *instruction, uint64_t instructions)
{
    if (counts_threads())
        qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, QEMU_PLUGIN_INLINE_ADD_U64, counted_by_each,
                                                            instructions);
    else
        qemu_plugin_register_vcpu_insn_exec_inline(instruction, QEMU_PLUGIN_INLINE_ADD_U64, &counted, instructions);
}

bool counts_threads(void)
{
    return qemu_plugin_version > 1;
}

uint64_t instructions_counted(void)
{
    return counts_threads() ? qemu_plugin_u64_sum(counted_by_each) : counted;
}
