/* The record of a crash: only what is safe in a signal handler. Private to workload.c. */
#ifndef PAGEWALK_CRASH_H
#define PAGEWALK_CRASH_H

#include "line.h"
#include "place.h"
#include "registers.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* sigaction(2): a signal somebody sent has no address, nor has SI_KERNEL (a non-canonical address on x86_64). */
static int has_address(const siginfo_t *info) { return info->si_code > 0 && info->si_code != SI_KERNEL; }

static void tell_crash(int signal_number, const siginfo_t *info, uintptr_t pc)
{
    line_begin("{\"crash\": {\"signal\": ");
    line_number((uint64_t)signal_number, 10);
    if (has_address(info)) {
        line_text(", \"code\": ");
        line_number((uint64_t)info->si_code, 10);
        line_address(", \"address\": ", (uintptr_t)info->si_addr);
    }
    line_address(", \"pc\": ", pc);
    line_end("}}\n");
}

#if defined(__x86_64__)
/* qemu-user 7.2 enters handlers with the stack 8 bytes off, where the first aligned SSE store would fault again. */
__attribute__((force_align_arg_pointer))
#endif
static void
record_crash(int signal_number, siginfo_t *info, void *context)
{
    uintptr_t pc = program_counter(context);
    /* One line each, the dearest first: should the next one crash, for a heap in ruins or a kernel that does not
       answer, the last one stands. */
    tell_crash(signal_number, info, pc);
    tell_registers(context);
    tell_mapping("code", pc);
    if (has_address(info)) {
        tell_mapping("memory", (uintptr_t)info->si_addr);
        tell_page((uintptr_t)info->si_addr);
    }
    /* SA_RESETHAND has put the default action back: it comes into force where the signal struck. */
    raise(signal_number);
}

/* On a stack of its own, or an overflow of the main stack would die unrecorded. */
static void watch_for_crashes(void)
{
    static char stack[1 << 16];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = record_crash,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND};
    const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &action, NULL);
}

#endif
