/* The registers at a crash, by the names of each architecture's ABI. Private to crash.h. */
#ifndef PAGEWALK_REGISTERS_H
#define PAGEWALK_REGISTERS_H

#include "line.h"

#include <stdint.h>
#include <ucontext.h>

static const char *before_register;

static void tell_register(const char *name, uint64_t value)
{
    line_text(before_register);
    line_text(name);
    line_address("\": ", value);
    before_register = ", \"";
}

#if defined(__x86_64__)

static uintptr_t program_counter(const ucontext_t *context) { return (uintptr_t)context->uc_mcontext.gregs[REG_RIP]; }

static void tell_all(const ucontext_t *context)
{
    static const struct {
        const char *name;
        int at;
    } registers[] = {{"rax", REG_RAX}, {"rbx", REG_RBX}, {"rcx", REG_RCX}, {"rdx", REG_RDX}, {"rsi", REG_RSI},
                     {"rdi", REG_RDI}, {"rbp", REG_RBP}, {"rsp", REG_RSP}, {"r8", REG_R8},   {"r9", REG_R9},
                     {"r10", REG_R10}, {"r11", REG_R11}, {"r12", REG_R12}, {"r13", REG_R13}, {"r14", REG_R14},
                     {"r15", REG_R15}, {"rip", REG_RIP}, {"eflags", REG_EFL}};
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++)
        tell_register(registers[i].name, (uint64_t)context->uc_mcontext.gregs[registers[i].at]);
}

#elif defined(__aarch64__)

static uintptr_t program_counter(const ucontext_t *context) { return (uintptr_t)context->uc_mcontext.pc; }

static void tell_all(const ucontext_t *context)
{
    char name[] = "x00";
    for (unsigned i = 0; i < 31; i++) {
        name[1] = (char)('0' + (i < 10 ? i : i / 10));
        name[2] = i < 10 ? '\0' : (char)('0' + i % 10);
        tell_register(name, context->uc_mcontext.regs[i]);
    }
    tell_register("sp", context->uc_mcontext.sp);
    tell_register("pc", context->uc_mcontext.pc);
    tell_register("pstate", context->uc_mcontext.pstate);
}

#elif defined(__riscv)

static uintptr_t program_counter(const ucontext_t *context) { return (uintptr_t)context->uc_mcontext.__gregs[0]; }

static void tell_all(const ucontext_t *context)
{
    /* The kernel keeps pc where x0, which is always 0, would be. */
    static const char *const names[] = {"pc", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
                                        "a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
                                        "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
    for (unsigned i = 0; i < 32; i++)
        tell_register(names[i], context->uc_mcontext.__gregs[i]);
}

#elif defined(__arm__)

static uintptr_t program_counter(const ucontext_t *context) { return (uintptr_t)context->uc_mcontext.arm_pc; }

static void tell_all(const ucontext_t *context)
{
    const mcontext_t *machine = &context->uc_mcontext;
    const unsigned long values[] = {machine->arm_r0, machine->arm_r1, machine->arm_r2,  machine->arm_r3, machine->arm_r4,
                                    machine->arm_r5, machine->arm_r6, machine->arm_r7,  machine->arm_r8, machine->arm_r9,
                                    machine->arm_r10, machine->arm_fp, machine->arm_ip, machine->arm_sp, machine->arm_lr,
                                    machine->arm_pc, machine->arm_cpsr};
    static const char *const names[] = {"r0", "r1", "r2",  "r3", "r4", "r5", "r6", "r7",  "r8",
                                        "r9", "r10", "fp", "ip", "sp", "lr", "pc", "cpsr"};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
        tell_register(names[i], values[i]);
}

#else
#error "say where the registers are"
#endif

static void tell_registers(const ucontext_t *context)
{
    line_begin("{\"registers\": {");
    before_register = "\"";
    tell_all(context);
    line_end("}}\n");
}

#endif
