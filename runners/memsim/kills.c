#include "kills.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct numbers {
    const char *target;
    int64_t kill, queue; /* of a process: kill, rt_sigqueueinfo */
    int64_t thread, thread_of, queue_of; /* of a thread: tkill; and of a process: tgkill, rt_tgsigqueueinfo */
};

/* arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h, arch/arm/tools/syscall.tbl of Linux */
static const struct numbers all[] = {
    {"x86_64", 62, 129, 200, 234, 297},
    {"aarch64", 129, 138, 130, 131, 240},
    {"riscv64", 129, 138, 130, 131, 240},
    {"arm", 37, 178, 238, 268, 363},
};
static const struct numbers *numbers;
static pid_t guest;

void kills_init(const char *target)
{
    guest = getpid();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i].target, target))
            numbers = &all[i];
}

/* kill(2): 0 is the caller's process group, -n group n. That -1, all processes but the caller, is of a child's. */
static bool is_guest(pid_t process)
{
    if (process == 0)
        return getpgid(0) == getpgid(guest);
    return process == guest || (process == -1 ? getpid() != guest : process == -getpgid(guest));
}

/* A thread that is not there leaves the guest alive. */
static bool has_thread(pid_t thread)
{
    return thread > 0 && syscall(SYS_tgkill, guest, thread, 0) == 0;
}

bool kills_guest(int64_t number, const uint64_t arguments[3])
{
    int first = (int)arguments[0], second = (int)arguments[1], third = (int)arguments[2];
    if (!numbers)
        return false;
    if (number == numbers->kill || number == numbers->queue)
        return second == SIGKILL && is_guest(first);
    if (number == numbers->thread)
        return second == SIGKILL && has_thread(first);
    if (number == numbers->thread_of || number == numbers->queue_of)
        return third == SIGKILL && first == guest && has_thread(second);
    return false;
}
