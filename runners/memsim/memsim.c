/*
 * memsim: a QEMU user-mode plugin that counts what a guest's memory accesses would do to the TLBs
 * and caches of a simple in-order core. What is modelled and what is not: README.md beside this file.
 *
 * The model runs from the first instruction on, so that it is warm where a region of interest
 * begins; counts are differences between the two marks of a region.
 */
#include "checks.h"
#include "core.h"
#include "group_access.h"
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

static void on_access_checked(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *about)
{
    (void)vcpu;
    checks_compare(about, address, kinds[info % (1u << INFO_BITS)]);
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

/* The group of a leader alone. */
static void on_leader_alone(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)vcpu, (void)info;
    const struct group *group = data;
    const struct step *step = group->steps;
    struct core *core = only_core;
    uint64_t now = core->time += STEP;
    begin_group(core, group, address);
    if (!core_hits(core, address, step->kind, now))
        core_touch(core, address, step->kind, now);
}

static void on_group_alone(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *group)
{
    (void)vcpu, (void)info;
    access_group(only_core, group, address);
}

static void on_group(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *group)
{
    (void)info;
    if (vcpu < MAX_CORES && !is_awaited(core_of(vcpu), group, address))
        access_group(core_of(vcpu), group, address);
}

static void on_group_checked(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *group)
{
    (void)vcpu, (void)info;
    if (is_awaited(only_core, group, address))
        return;
    access_group(only_core, group, address);
    checks_expect(only_core, group);
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

static bool records_data(void)
{
    return options.record <= WALK_LOADS;
}

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

static void tell(struct qemu_plugin_insn *instruction, on_memory callback, const void *data)
{
    qemu_plugin_register_vcpu_mem_cb(instruction, callback, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, (void *)data);
}

static void watch(struct qemu_plugin_insn *instruction)
{
    on_memory callback = records_data()    ? on_access_profiled
                         : options.threads             ? on_access
                                                       : on_access_alone;
    tell(instruction, callback, only_core);
    if (zeroes_block(instruction))
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_zeroed_block, QEMU_PLUGIN_CB_NO_REGS, NULL);
}

static void watch_leader(struct qemu_plugin_insn *instruction, const struct group *group)
{
    if (options.check)
        tell(instruction, on_group_checked, group);
    else if (options.threads || group->own > 1)
        tell(instruction, on_group, group);
    else if (group->count == 1)
        tell(instruction, on_leader_alone, group);
    else
        tell(instruction, on_group_alone, group);
}

static void watch_block(struct qemu_plugin_tb *block, size_t sure)
{
    size_t count = qemu_plugin_tb_n_insns(block);
    struct code_view views[count];
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        views[i] = (struct code_view){qemu_plugin_insn_data(instruction), qemu_plugin_insn_size(instruction),
                                      qemu_plugin_insn_vaddr(instruction)};
    }
    const struct plan *plan = groups_plan(views, sure);
    struct group *const *group = plan->groups;
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        if (i == sure || plan->watches[i] == WATCHED)
            watch(instruction);
        else if (plan->watches[i] == LEADING)
            watch_leader(instruction, *group++);
        if (options.check)
            tell(instruction, on_access_checked, checks_about(views[i], i == sure || plan->watches[i] == WATCHED));
    }
}

/* Be told when the block is executed, for its fetches or for a profile. */
static void follow(struct qemu_plugin_tb *block)
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
    size_t count = qemu_plugin_tb_n_insns(block);
    uint64_t *counter = &only_core->counts.instructions;
    if (options.threads)
        qemu_plugin_register_vcpu_tb_exec_cb(block, on_instructions, QEMU_PLUGIN_CB_NO_REGS, (void *)sure);
    else /* an addition in the translated code, not atomic: right for one vCPU, and nearly free */
        qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, counter, sure);
    if (sure == count)
        return;
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(block, sure);
    if (options.threads)
        qemu_plugin_register_vcpu_insn_exec_cb(last, on_instructions, QEMU_PLUGIN_CB_NO_REGS, (void *)(size_t)1);
    else
        qemu_plugin_register_vcpu_insn_exec_inline(last, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(block), sure = sure_instructions(block);
    count_instructions(block, sure);
    if (options.record != NOTHING || options.l1i.ways)
        follow(block);
    if (options.full && options.group)
        watch_block(block, sure);
    else if (options.full)
        for (size_t i = 0; i < count; i++)
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
    if (!ask_kinds()) {
        fprintf(stderr, "memsim: this QEMU describes memory accesses in a way that is not known\n");
        return false;
    }
    effects_init(info->target_name);
    options.group = options.group && !records_data(); /* a miss is its own instruction's */
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
