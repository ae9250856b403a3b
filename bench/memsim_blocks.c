/*
 * What an x86_64 guest is to the emulator: instructions, accesses, blocks of code, and how often the next block has to
 * be looked up by its address, since the jump is indirect or leads to another page: QEMU chains no other blocks
 * directly (its documentation, "Translator Internals", "Direct block chaining").
 */
#include "versions.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE_SHIFT 12

struct block {
    uint64_t pc;
    bool indirect;
};

static uint64_t accesses, blocks, looked_up;
static const struct block *previous;

/* Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: RET, and group 5's CALL and JMP. */
static bool is_indirect(const unsigned char *code, size_t size)
{
    size_t at = 0;
    while (at + 1 < size && (code[at] == 0xf2 || code[at] == 0xf3 || code[at] == 0x3e || (code[at] & 0xf0) == 0x40))
        at++;
    unsigned operation = at + 1 < size ? code[at + 1] >> 3 & 7 : 0;
    return code[at] == 0xc3 || code[at] == 0xc2 || (code[at] == 0xff && operation >= 2 && operation <= 5);
}

static void on_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)vcpu, (void)info, (void)address, (void)data;
    accesses++;
}

static void on_block_executed(unsigned vcpu, void *data)
{
    const struct block *block = data;
    (void)vcpu;
    blocks++;
    looked_up += previous && (previous->indirect || previous->pc >> PAGE_SHIFT != block->pc >> PAGE_SHIFT);
    previous = block;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(tb);
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, count - 1);
    struct block *block = malloc(sizeof *block);
    if (!block)
        abort();
    block->pc = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
    unsigned char code[LONGEST_INSTRUCTION];
    size_t size = instruction_code(last, code);
    block->indirect = is_indirect(code, size);
    qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block_executed, QEMU_PLUGIN_CB_NO_REGS, block);
    count_with_block(tb, count);
    for (size_t i = 0; i < count; i++)
        qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i), on_access, QEMU_PLUGIN_CB_NO_REGS,
                                         QEMU_PLUGIN_MEM_RW, NULL);
}

static void on_exit_of_guest(qemu_plugin_id_t id, void *data)
{
    (void)id, (void)data;
    fprintf(stderr, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", instructions_counted(), accesses, blocks,
            looked_up);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    (void)argc, (void)argv;
    versions_init(info);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit_of_guest, NULL);
    return 0;
}
