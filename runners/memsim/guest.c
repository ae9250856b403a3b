#include "guest.h"

#include "report.h"

#include <stdio.h>
#include <string.h>

struct abi {
    const char *target;
    int64_t mmap, munmap, mremap, madvise, prctl, execve, execveat;
    uint64_t word; /* QEMU hands a 32-bit guest's arguments over with their sign extended */
};

/* arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h, arch/arm/tools/syscall.tbl of Linux */
static const struct abi abis[] = {
    {"x86_64", 9, 11, 25, 28, 157, 59, 322, UINT64_MAX},
    {"aarch64", 222, 215, 216, 233, 167, 221, 281, UINT64_MAX},
    {"riscv64", 222, 215, 216, 233, 167, 221, 281, UINT64_MAX},
    {"arm", 192, 91, 163, 220, 172, 11, 387, UINT32_MAX},
};
static const struct abi *abi;

enum { MARK = 0x70616765, MARK_BEGIN = 1, MARK_END = 2 }; /* benchmarks/CONTRACT.md */
enum { DONT_NEED = 4, FREE = 8, HUGEPAGE = 14, NO_HUGEPAGE = 15, COLLAPSE = 25 }; /* MADV_… */
enum { MAP_WITH_HUGETLB = 0x40000 }; /* the same on all of the above */

bool guest_init(const char *target)
{
    for (size_t i = 0; i < sizeof abis / sizeof *abis; i++)
        if (!strcmp(abis[i].target, target))
            abi = &abis[i];
    if (!abi)
        fprintf(stderr, "memsim: the system calls of target %s are not known\n", target);
    return abi;
}

bool guest_is_arm64(void)
{
    return !strcmp(abi->target, "aarch64");
}

bool guest_is_x86(void)
{
    return !strcmp(abi->target, "x86_64");
}

static void mark(uint64_t what, uint64_t index)
{
    if (what == MARK_BEGIN)
        report_begin(index);
    else if (what == MARK_END)
        report_end(index);
}

static void advise(struct core *core, uint64_t start, uint64_t length, uint64_t advice)
{
    if (advice == HUGEPAGE || advice == COLLAPSE)
        pages_advise(start, length);
    else if (advice == NO_HUGEPAGE)
        pages_forget(start, length);
    else if (advice != DONT_NEED && advice != FREE)
        return;
    core_flush_pages(core, start, length);
}

static void unmap(struct core *core, uint64_t start, uint64_t length)
{
    pages_forget(start, length);
    core_flush_pages(core, start, length);
}

static bool executes(int64_t number)
{
    return number == abi->execve || number == abi->execveat;
}

/* What mmap and mremap will map is known now, and where when they return. */
static void expect(struct core *core, uint64_t length, bool huge)
{
    core->mapping_length = length;
    core->mapping_is_huge = huge;
}

void guest_syscall(struct core *core, int64_t number, const uint64_t arguments[4])
{
    uint64_t a[4];
    for (int i = 0; i < 4; i++)
        a[i] = arguments[i] & abi->word;
    if (number == abi->prctl && a[0] == MARK)
        mark(a[1], a[2]);
    else if (number == abi->madvise)
        advise(core, a[0], a[1], a[2]);
    else if (number == abi->munmap)
        unmap(core, a[0], a[1]);
    else if (number == abi->mmap)
        expect(core, a[1], a[3] & MAP_WITH_HUGETLB);
    else if (executes(number))
        report_exec(false);
    else if (number == abi->mremap) {
        /* VM_HUGEPAGE is a flag of the mapping: it grows and moves with it */
        expect(core, a[2], pages_advised(a[0], a[1]));
        core_flush_pages(core, a[0], a[1]);
    }
}

void guest_syscall_return(struct core *core, int64_t number, int64_t value)
{
    if (executes(number)) /* only one that failed returns */
        report_exec(true);
    if ((number != abi->mmap && number != abi->mremap) || (value < 0 && value >= -4095))
        return;
    uint64_t start = (uint64_t)value & abi->word;
    unmap(core, start, core->mapping_length);
    if (core->mapping_is_huge)
        pages_advise(start, core->mapping_length);
}
