/*
 * The part of QEMU's TCG plugin interface that memsim uses: version 1 (QEMU 4.2 to 8.2), and those from 2 on.
 *
 * Declared here because no distribution packages qemu-plugin.h. Source: QEMU's documentation,
 * "QEMU TCG Plugins", and the dynamic symbols of qemu-user. Types are ABI: do not reorder.
 * What is not the same in all versions is for versions.c alone.
 */
#ifndef MEMSIM_QEMU_PLUGIN_H
#define MEMSIM_QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

typedef struct { /* a word of each vCPU, from version 2 on */
    struct qemu_plugin_scoreboard *board;
    size_t offset;
} qemu_plugin_u64;

typedef struct {
    const char *target_name; /* "x86_64", "aarch64", "riscv64", "arm" */
    struct {
        int min, cur;
    } version;
    bool system_emulation;
    struct {
        int smp_vcpus, max_vcpus;
    } system;
} qemu_info_t;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

typedef void (*on_id_data)(qemu_plugin_id_t, void *data);
typedef void (*on_vcpu)(qemu_plugin_id_t, unsigned vcpu);
typedef void (*on_block)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*on_execution)(unsigned vcpu, void *data);
typedef void (*on_memory)(unsigned vcpu, qemu_plugin_meminfo_t, uint64_t address, void *data);
typedef void (*on_syscall)(qemu_plugin_id_t, unsigned vcpu, int64_t number, uint64_t, uint64_t, uint64_t,
                           uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
typedef void (*on_syscall_return)(qemu_plugin_id_t, unsigned vcpu, int64_t number, int64_t value);

void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t, on_vcpu);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, on_block);
void qemu_plugin_register_vcpu_syscall_cb(qemu_plugin_id_t, on_syscall);
void qemu_plugin_register_vcpu_syscall_ret_cb(qemu_plugin_id_t, on_syscall_return);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, on_id_data, void *data);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, on_execution, enum qemu_plugin_cb_flags,
                                          void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, on_execution,
                                            enum qemu_plugin_cb_flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, on_memory, enum qemu_plugin_cb_flags,
                                      enum qemu_plugin_mem_rw, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t index);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t);

#endif
