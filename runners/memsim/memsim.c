/*
 * memsim: a QEMU user-mode plugin that counts what a guest's memory accesses would do to the TLBs
 * and caches of a simple in-order core. What is modelled and what is not: README.md beside this file.
 *
 * The model runs from the first instruction on, so that it is warm where a region of interest
 * begins; counts are differences between the two marks of a region.
 */
#include "core.h"
#include "guest.h"
#include "options.h"
#include "pages.h"
#include "profile.h"
#include "qemu_plugin_v1.h"
#include "report.h"

#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = 1;

static struct options options;
static struct core *only_core; /* with threads=off */

/*
 * Size and direction are functions of `info`. To ask QEMU twice for each access is a fifth of the
 * model's time, so all answers are looked up once.
 */
#define INFO_BITS 18
static struct kind kinds[1u << INFO_BITS];

static struct kind ask_kind(qemu_plugin_meminfo_t info)
{
    unsigned size = 1u << qemu_plugin_mem_size_shift(info);
    return (struct kind){(uint8_t)(size - 1) & 0x3f, qemu_plugin_mem_is_store(info)};
}

/* Returns false where this QEMU keeps size or direction in higher bits than the table has. */
static bool ask_kinds(void)
{
    for (qemu_plugin_meminfo_t info = 0; info < 1u << INFO_BITS; info++)
        kinds[info] = ask_kind(info);
    for (int bit = INFO_BITS; bit < 32; bit++)
        if (ask_kind(1u << bit).extent != kinds[0].extent || ask_kind(1u << bit).store != kinds[0].store)
            return false;
    return true;
}

static inline void access_memory(struct core *core, qemu_plugin_meminfo_t info, uint64_t address)
{
    core_access(core, address, kinds[info % (1u << INFO_BITS)]);
}

static void on_access_alone(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *core)
{
    (void)vcpu;
    access_memory(core, info, address);
}

static void on_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)data;
    if (vcpu < MAX_CORES)
        access_memory(core_of(vcpu), info, address);
}

static void on_access_profiled(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)data;
    if (vcpu >= MAX_CORES)
        return;
    struct core *core = core_of(vcpu);
    uint64_t before = profile_count(core);
    access_memory(core, info, address);
    uint64_t misses = profile_count(core) - before;
    if (misses)
        profile_misses(vcpu, misses);
}

static void on_block_profiled(unsigned vcpu, void *block)
{
    if (vcpu < MAX_CORES)
        profile_enter(vcpu, block);
}

static void on_block_entered(unsigned vcpu, void *instructions)
{
    if (vcpu < MAX_CORES)
        bump(&core_of(vcpu)->counts.instructions, (uint64_t)(uintptr_t)instructions);
}

static void on_zeroed_block(unsigned vcpu, void *data)
{
    (void)data;
    if (vcpu < MAX_CORES)
        bump(&core_of(vcpu)->counts.zeroed_blocks, 1);
}

/* DC ZVA, Xt (Arm Architecture Reference Manual, C5.3): zeroes a block behind the plugin's back. */
static bool zeroes_block(const struct qemu_plugin_insn *instruction)
{
    uint32_t code;
    if (!guest_is_arm64() || qemu_plugin_insn_size(instruction) != sizeof code)
        return false;
    memcpy(&code, qemu_plugin_insn_data(instruction), sizeof code);
    return (code & ~0x1fu) == 0xd50b7420u;
}

static on_memory access_callback(void)
{
    if (options.record < INSTRUCTIONS)
        return on_access_profiled;
    return options.threads ? on_access : on_access_alone;
}

static void watch(struct qemu_plugin_insn *instruction)
{
    qemu_plugin_register_vcpu_mem_cb(instruction, access_callback(), QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
                                     only_core);
    if (zeroes_block(instruction))
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_zeroed_block, QEMU_PLUGIN_CB_NO_REGS, NULL);
}

static void profile(struct qemu_plugin_tb *block)
{
    size_t count = qemu_plugin_tb_n_insns(block);
    struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(block, 0);
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(block, count - 1);
    size_t size = qemu_plugin_insn_size(last);
    uint64_t pc = qemu_plugin_insn_vaddr(first);
    struct block known = {
        .pc = pc,
        .end = qemu_plugin_insn_vaddr(last) + size,
        .instructions = count,
        .leaving = calls_leaving(qemu_plugin_insn_data(last), size),
    };
    uint64_t offset = (uint64_t)(uintptr_t)qemu_plugin_insn_haddr(first) - pc;
    qemu_plugin_register_vcpu_tb_exec_cb(block, on_block_profiled, QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)profile_block(known, offset));
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    size_t instructions = qemu_plugin_tb_n_insns(block);
    if (options.threads)
        qemu_plugin_register_vcpu_tb_exec_cb(block, on_block_entered, QEMU_PLUGIN_CB_NO_REGS,
                                             (void *)(uintptr_t)instructions);
    else /* an addition in the translated code, not atomic: right for one vCPU, and nearly free */
        qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64,
                                                 &only_core->counts.instructions, instructions);
    if (options.record != NOTHING && instructions)
        profile(block);
    for (size_t i = 0; i < instructions && options.full; i++)
        watch(qemu_plugin_tb_get_insn(block, i));
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
    if (report_close())
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
    if (!ask_kinds()) {
        fprintf(stderr, "memsim: this QEMU describes memory accesses in a way that is not known\n");
        return false;
    }
    only_core = core_start(0);
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
