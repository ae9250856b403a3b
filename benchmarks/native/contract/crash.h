/* The record of a crash: only what is safe in a signal handler. Private to workload.c. */
#ifndef PAGEWALK_CRASH_H
#define PAGEWALK_CRASH_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>
#include <unistd.h>

static uintptr_t program_counter(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.pc;
#elif defined(__riscv)
    return (uintptr_t)context->uc_mcontext.__gregs[0];
#elif defined(__arm__)
    return (uintptr_t)context->uc_mcontext.arm_pc;
#else
#error "say where the program counter is"
#endif
}

static char *append(char *to, const char *text)
{
    while (*text)
        *to++ = *text++;
    return to;
}

static char *append_number(char *to, uint64_t number, unsigned base)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
    } while (number /= base);
    while (count)
        *to++ = digits[--count];
    return to;
}

/* sigaction(2): a signal somebody sent has no address, nor has SI_KERNEL (a non-canonical address on x86_64). */
static int has_address(const siginfo_t *info) { return info->si_code > 0 && info->si_code != SI_KERNEL; }

#if defined(__x86_64__)
/* qemu-user 7.2 enters handlers with the stack 8 bytes off, where the first aligned SSE store would fault again. */
__attribute__((force_align_arg_pointer))
#endif
static void
record_crash(int signal_number, siginfo_t *info, void *context)
{
    char line[160], *end = line;
    end = append(end, "{\"crash\": {\"signal\": ");
    end = append_number(end, (uint64_t)signal_number, 10);
    if (has_address(info)) {
        end = append(end, ", \"address\": \"0x");
        end = append_number(end, (uintptr_t)info->si_addr, 16);
        end = append(end, "\"");
    }
    end = append(end, ", \"pc\": \"0x");
    end = append_number(end, program_counter(context), 16);
    end = append(end, "\"}}\n");
    (void)!write(STDOUT_FILENO, line, (size_t)(end - line));
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
