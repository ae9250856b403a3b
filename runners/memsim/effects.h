/*
 * What an instruction does to memory, and to the registers that addresses are made of: told from its bytes.
 *
 * Decoders know the instructions that compilers make most of. Of any other they say so, and nothing else is
 * assumed of it: it may access memory anywhere and change every register.
 */
#ifndef MEMSIM_EFFECTS_H
#define MEMSIM_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGISTERS 34u /* general ones, then those that are bases of segments */
#define NO_REGISTER 63u
#define MAX_OPERANDS 4u

/* The address base + (index << shift) + offset, of registers as they are before the instruction. */
struct operand {
    uint8_t base, index, shift;
    uint8_t extent; /* bytes - 1 */
    uint8_t store;
    int64_t offset;
};

struct effect {
    bool known;
    uint8_t accesses; /* in the order in which, and as the pieces in which QEMU makes them */
    struct operand access[MAX_OPERANDS];
    uint64_t written; /* a bit a register: afterwards it holds who knows what, but for: */
    uint8_t derived;  /* the register that holds the value of `source`, or 0 where that is none, plus `by` */
    uint8_t source;
    int64_t by;
};

/* Choose the decoder of QEMU's `target_name`. Where there is none, no instruction is known. */
void effects_init(const char *target);

struct effect effect_of(const unsigned char *code, size_t size, uint64_t pc);

/* The decoders. `effect` is `effect_of_nothing`; they return whether the instruction is known. */
bool decode_x86(const unsigned char *code, size_t size, uint64_t pc, struct effect *effect);
bool decode_arm64(const unsigned char *code, size_t size, uint64_t pc, struct effect *effect);
bool decode_riscv(const unsigned char *code, size_t size, uint64_t pc, struct effect *effect);

static inline void writes(struct effect *effect, unsigned number)
{
    effect->written |= 1ull << number;
}

static inline void derives(struct effect *effect, unsigned number, unsigned source, int64_t by)
{
    effect->derived = (uint8_t)number;
    effect->source = (uint8_t)source;
    effect->by = by;
}

/* An access to base + offset; where it is of more bytes than `piece`, QEMU makes several. */
static inline void accesses(struct effect *effect, struct operand operand, unsigned bytes, unsigned piece)
{
    for (unsigned at = 0; at < bytes; at += piece) {
        struct operand *part = &effect->access[effect->accesses++];
        *part = operand;
        part->extent = (uint8_t)((bytes < piece ? bytes : piece) - 1);
        part->offset = operand.offset + at;
    }
}

/* `value`, whose sign is bit `bits` - 1. */
static inline int64_t extend(uint64_t value, unsigned bits)
{
    return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

#endif
