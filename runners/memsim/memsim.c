/*
 * memsim: a QEMU user-mode plugin that counts what a guest's memory accesses would do to the TLBs
 * and caches of a simple in-order core. What is modelled and what is not: README.md beside this file.
 *
 * The model runs from the first instruction on, so that it is warm where a region of interest
 * begins; counts are differences between the two marks of a region.
 */
#include "accesses.h"
#include "checks.h"
#include "core.h"
#include "guest.h"
#include "kills.h"
#include "options.h"
#include "pages.h"
#include "profile.h"
#include "report.h"
#include "versions.h"

#include <stdio.h>

static struct options options;

static void on_block_executed(unsigned vcpu, void *data)
{
    const struct block *block = data;
    if (vcpu >= MAX_CORES)
        return;
    struct core *core = core_of(vcpu);
    if (options.record != NOTHING)
        profile_enter(vcpu, block);
    if (!options.l1i.ways)
        return;
    bool records = options.record == ITLB_MISSES || options.record == L1I_MISSES;
    uint64_t before = records ? profile_count(core) : 0;
    core_fetch(core, block->pc, block->end);
    uint64_t misses = records ? profile_count(core) - before : 0;
    if (misses)
        profile_misses(vcpu, misses);
}

static void on_instructions(unsigned vcpu, void *instructions)
{
    if (vcpu < MAX_CORES)
        bump(&core_of(vcpu)->counts.instructions, (uint64_t)(uintptr_t)instructions);
}

/* Be told when the block is executed, for its fetches or for a profile. */
static void follow(struct qemu_plugin_tb *block)
{
    size_t count = qemu_plugin_tb_n_insns(block);
    struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(block, 0);
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(block, count - 1);
    unsigned char code[LONGEST_INSTRUCTION];
    size_t size = instruction_code(last, code);
    uint64_t pc = qemu_plugin_insn_vaddr(first);
    struct block known = {
        .pc = pc,
        .end = qemu_plugin_insn_vaddr(last) + size,
        .instructions = count,
        .leaving = calls_leaving(code, size),
    };
    uint64_t offset = (uint64_t)(uintptr_t)qemu_plugin_insn_haddr(first) - pc;
    qemu_plugin_register_vcpu_tb_exec_cb(block, on_block_executed, QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)profile_block(known, offset));
}

/*
 * How many instructions of a block are executed for sure. QEMU takes the last one of an x86 guest back where it turns
 * out to reach into the next page, and still has it in the block: the next block begins with it once more.
 */
static size_t sure_instructions(const struct qemu_plugin_tb *block)
{
    enum { LONGEST = 15 };
    size_t count = qemu_plugin_tb_n_insns(block);
    uint64_t last = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(block, count - 1));
    bool near_end = (last >> PAGE_SHIFT) != (last + LONGEST - 1) >> PAGE_SHIFT;
    return count - (count > 1 && near_end && guest_is_x86());
}

static void count_instructions(struct qemu_plugin_tb *block, size_t sure)
{
    bool inlined = !options.threads || counts_threads();
    if (inlined)
        count_with_block(block, sure);
    else
        qemu_plugin_register_vcpu_tb_exec_cb(block, on_instructions, QEMU_PLUGIN_CB_NO_REGS, (void *)sure);
    if (sure == qemu_plugin_tb_n_insns(block))
        return;
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(block, sure);
    if (inlined)
        count_with_instruction(last, 1);
    else
        qemu_plugin_register_vcpu_insn_exec_cb(last, on_instructions, QEMU_PLUGIN_CB_NO_REGS, (void *)(size_t)1);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    size_t sure = sure_instructions(block);
    count_instructions(block, sure);
    if (options.record != NOTHING || options.l1i.ways)
        follow(block);
    if (options.full)
        accesses_watch(block, sure);
}

static void on_start(qemu_plugin_id_t id, unsigned vcpu)
{
    (void)id;
    core_start(vcpu);
}

static void on_call(qemu_plugin_id_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                    uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8)
{
    (void)id, (void)a5, (void)a6, (void)a7, (void)a8;
    if (kills_guest(number, (const uint64_t[3]){a1, a2, a3}))
        report_kill();
    if (vcpu < MAX_CORES)
        guest_syscall(core_of(vcpu), number, (const uint64_t[4]){a1, a2, a3, a4});
}

static void on_call_return(qemu_plugin_id_t id, unsigned vcpu, int64_t number, int64_t value)
{
    (void)id;
    if (vcpu < MAX_CORES)
        guest_syscall_return(core_of(vcpu), number, value);
}

static void on_guest_exit(qemu_plugin_id_t id, void *data)
{
    (void)id, (void)data;
    if (report_close(options.check ? checks_result() : ""))
        profile_close();
}

static bool start(const qemu_info_t *info, int argc, char **argv)
{
    if (info->system_emulation) {
        fprintf(stderr, "memsim: works in user-mode emulation only\n");
        return false;
    }
    if (!options_parse(argc, argv, &options) || !guest_init(info->target_name))
        return false;
    if (!pages_init() || !cores_init(&options)) {
        fprintf(stderr, "memsim: the host has no address space left for the model\n");
        return false;
    }
    if (!accesses_init(&options)) {
        fprintf(stderr, "memsim: this QEMU describes memory accesses in a way that is not known\n");
        return false;
    }
    versions_init(info);
    effects_init(info->target_name);
    kills_init(info->target_name);
    core_start(0);
    return profile_init(&options, info->target_name) && report_open(&options, info->target_name);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    if (!start(info, argc, argv))
        return 1;
    qemu_plugin_register_vcpu_init_cb(id, on_start);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_vcpu_syscall_cb(id, on_call);
    qemu_plugin_register_vcpu_syscall_ret_cb(id, on_call_return);
    qemu_plugin_register_atexit_cb(id, on_guest_exit, NULL);
    return 0;
}
