/*
 * The parts of an x86 instruction: prefixes, ModRM and the operand it names.
 *
 * Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2.
 */
#ifndef MEMSIM_X86_CODE_H
#define MEMSIM_X86_CODE_H

#include "effects.h"

#include <string.h>

enum { RAX, RCX, RDX, RBX, RSP, RBP, FS = 32, GS };
enum { PIECE = 8 }; /* QEMU makes two accesses of one to 16 bytes */
enum { LOADS = 1, STORES = 2 };

/* An instruction as it is read. */
struct code {
    const unsigned char *at, *end;
    unsigned rex;
    unsigned prefix; /* 0x66, 0xf2, 0xf3, the one that counts for SSE; or 0 */
    bool word;       /* operands of 16 bits, by 0x66 */
    unsigned segment;
    bool wide, memory; /* operands of 64 bits; the second operand is in memory */
    unsigned reg, rm;  /* numbers of registers; `rm` where there is no memory */
    struct operand operand;
};

static inline uint64_t little_endian(struct code *code, unsigned bytes)
{
    uint64_t value = 0;
    if ((size_t)(code->end - code->at) < bytes)
        bytes = (unsigned)(code->end - code->at);
    memcpy(&value, code->at, bytes);
    code->at += bytes;
    return value;
}

static inline unsigned next(struct code *code)
{
    return (unsigned)little_endian(code, 1);
}

static inline int64_t immediate(struct code *code, unsigned bytes)
{
    return extend(little_endian(code, bytes), 8 * bytes);
}

/* Of 8 bits, 4 to 7 are AH to BH where there is no REX. */
static inline unsigned byte_register(const struct code *code, unsigned number)
{
    return !code->rex && number >= 4 ? number - 4 : number;
}

/* Returns false for prefixes that nobody expects here: LOCK, and addresses of 32 bits. */
static inline bool read_prefixes(struct code *code)
{
    for (; code->at < code->end; code->at++) {
        unsigned prefix = *code->at;
        if (prefix == 0x66)
            code->word = true;
        else if (prefix == 0xf2 || prefix == 0xf3)
            code->prefix = prefix;
        else if (prefix == 0x64 || prefix == 0x65)
            code->segment = prefix == 0x64 ? FS : GS;
        else if (prefix != 0x2e && prefix != 0x3e)
            break;
    }
    if (code->at < code->end && (*code->at & 0xf0) == 0x40)
        code->rex = *code->at++;
    code->wide = code->rex & 8;
    if (code->word && !code->prefix)
        code->prefix = 0x66;
    return code->at < code->end && *code->at != 0xf0 && *code->at != 0x67;
}

static inline void read_scaled(struct code *code, unsigned mod)
{
    unsigned sib = next(code);
    unsigned base = (sib & 7) | (code->rex & 1) << 3, index = (sib >> 3 & 7) | (code->rex & 2) << 2;
    if (index != RSP) {
        code->operand.index = (uint8_t)index;
        code->operand.shift = (uint8_t)(sib >> 6);
    }
    code->operand.base = (uint8_t)base;
    if (mod == 0 && (sib & 7) == RBP) {
        code->operand.base = NO_REGISTER;
        code->operand.offset = immediate(code, 4);
    }
}

/*
 * ModRM and what belongs to it; RIP is that of the next instruction. Returns false for a segment's base beside two
 * registers: an address of three.
 */
static inline bool read_operands(struct code *code, uint64_t next_pc)
{
    unsigned modrm = next(code), mod = modrm >> 6;
    code->reg = (modrm >> 3 & 7) | (code->rex & 4) << 1;
    code->rm = (modrm & 7) | (code->rex & 1) << 3;
    code->memory = mod != 3;
    code->operand = (struct operand){.base = (uint8_t)code->rm, .index = NO_REGISTER};
    if (!code->memory)
        return true;
    if ((modrm & 7) == RSP)
        read_scaled(code, mod);
    else if (mod == 0 && (modrm & 7) == RBP) {
        code->operand.base = NO_REGISTER;
        code->operand.offset = (int64_t)next_pc + immediate(code, 4);
    }
    if (mod)
        code->operand.offset = immediate(code, mod == 1 ? 1 : 4);
    if (!code->segment)
        return true;
    bool room = code->operand.index == NO_REGISTER;
    code->operand.index = (uint8_t)code->segment;
    return room;
}

static inline unsigned operand_bytes(const struct code *code)
{
    return code->wide ? 8 : code->word ? 2 : 4;
}

static inline void touches(struct effect *effect, struct operand operand, unsigned how, unsigned bytes)
{
    operand.store = 0;
    if (how & LOADS)
        accesses(effect, operand, bytes, PIECE);
    operand.store = 1;
    if (how & STORES)
        accesses(effect, operand, bytes, PIECE);
}

/* What is done to the operand that ModRM has in memory or in a register; `bytes` 1 for a byte. */
static inline void treats(struct code *code, struct effect *effect, unsigned how, unsigned bytes)
{
    if (code->memory)
        touches(effect, code->operand, how, bytes);
    else if (how & STORES)
        writes(effect, bytes == 1 ? byte_register(code, code->rm) : code->rm);
}

static inline void writes_reg(struct code *code, struct effect *effect, unsigned bytes)
{
    writes(effect, bytes == 1 ? byte_register(code, code->reg) : code->reg);
}

/* Opcodes after 0F; RIP is that of the next instruction. */
bool decode_x86_0f(struct code *code, struct effect *effect, unsigned opcode, uint64_t next_pc);

/* Operations on XMM registers; `opcode` is the one after 0F, and the operands are read. */
bool decode_x86_vector(struct code *code, struct effect *effect, unsigned opcode);

#endif
