#include "accesses.h"

#include "checks.h"
#include "group_access.h"
#include "guest.h"
#include "profile.h"
#include "versions.h"

#include <string.h>

static const struct options *options;
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
    if (vcpu < MAX_CORES && !is_awaited(core_of(vcpu), group, address, kinds[info % (1u << INFO_BITS)]))
        access_group(core_of(vcpu), group, address);
}

static void on_group_checked(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *group)
{
    (void)vcpu;
    if (is_awaited(only_core, group, address, kinds[info % (1u << INFO_BITS)]))
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

static void on_zeroed_block(unsigned vcpu, void *data)
{
    (void)data;
    if (vcpu < MAX_CORES)
        bump(&core_of(vcpu)->counts.zeroed_blocks, 1);
}

/* DC ZVA, Xt (Arm Architecture Reference Manual, C5.3): zeroes a block behind the plugin's back. */
static bool zeroes_block(const struct qemu_plugin_insn *instruction)
{
    unsigned char bytes[LONGEST_INSTRUCTION];
    uint32_t code;
    if (!guest_is_arm64() || instruction_code(instruction, bytes) != sizeof code)
        return false;
    memcpy(&code, bytes, sizeof code);
    return (code & ~0x1fu) == 0xd50b7420u;
}

static void tell(struct qemu_plugin_insn *instruction, on_memory callback, const void *data)
{
    qemu_plugin_register_vcpu_mem_cb(instruction, callback, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, (void *)data);
}

static void watch(struct qemu_plugin_insn *instruction)
{
    on_memory callback = records_data(options) ? on_access_profiled
                         : options->threads    ? on_access
                                               : on_access_alone;
    tell(instruction, callback, only_core);
    if (zeroes_block(instruction))
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_zeroed_block, QEMU_PLUGIN_CB_NO_REGS, NULL);
}

static void watch_leader(struct qemu_plugin_insn *instruction, const struct group *group)
{
    if (options->check)
        tell(instruction, on_group_checked, group);
    else if (options->threads || group->own > 1)
        tell(instruction, on_group, group);
    else if (group->count == 1)
        tell(instruction, on_leader_alone, group);
    else
        tell(instruction, on_group_alone, group);
}

static void watch_all(struct qemu_plugin_tb *block)
{
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++)
        watch(qemu_plugin_tb_get_insn(block, i));
}

static void watch_planned(struct qemu_plugin_tb *block, size_t sure)
{
    size_t count = qemu_plugin_tb_n_insns(block);
    struct code_view views[count];
    unsigned char codes[count][LONGEST_INSTRUCTION];
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        size_t size = instruction_code(instruction, codes[i]);
        views[i] = (struct code_view){codes[i], size, qemu_plugin_insn_vaddr(instruction)};
    }
    const struct plan *plan = groups_plan(views, sure);
    struct group *const *group = plan->groups;
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        if (i == sure || plan->watches[i] == WATCHED)
            watch(instruction);
        else if (plan->watches[i] == LEADING)
            watch_leader(instruction, *group++);
        if (options->check)
            tell(instruction, on_access_checked, checks_about(views[i], i == sure || plan->watches[i] == WATCHED));
    }
}

void accesses_watch(struct qemu_plugin_tb *block, size_t sure)
{
    if (options->group && !records_data(options)) /* a miss that is recorded is its own instruction's */
        watch_planned(block, sure);
    else
        watch_all(block);
}

bool accesses_init(const struct options *asked)
{
    options = asked;
    only_core = core_of(0);
    return ask_kinds();
}
