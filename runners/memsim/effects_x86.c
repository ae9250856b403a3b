/* Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 and appendix A. */
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

static uint64_t little_endian(struct code *code, unsigned bytes)
{
    uint64_t value = 0;
    if ((size_t)(code->end - code->at) < bytes)
        bytes = (unsigned)(code->end - code->at);
    memcpy(&value, code->at, bytes);
    code->at += bytes;
    return value;
}

static unsigned next(struct code *code)
{
    return (unsigned)little_endian(code, 1);
}

static int64_t immediate(struct code *code, unsigned bytes)
{
    return extend(little_endian(code, bytes), 8 * bytes);
}

/* Of 8 bits, 4 to 7 are AH to BH where there is no REX. */
static unsigned byte_register(const struct code *code, unsigned number)
{
    return !code->rex && number >= 4 ? number - 4 : number;
}

/* Returns false for prefixes that nobody expects here: LOCK, and addresses of 32 bits. */
static bool read_prefixes(struct code *code)
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

static void read_scaled(struct code *code, unsigned mod)
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
static bool read_operands(struct code *code, uint64_t next_pc)
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

static unsigned operand_bytes(const struct code *code)
{
    return code->wide ? 8 : code->word ? 2 : 4;
}

static void touches(struct effect *effect, struct operand operand, unsigned how, unsigned bytes)
{
    operand.store = 0;
    if (how & LOADS)
        accesses(effect, operand, bytes, PIECE);
    operand.store = 1;
    if (how & STORES)
        accesses(effect, operand, bytes, PIECE);
}

/* What is done to the operand that ModRM has in memory or in a register; `bytes` 1 for a byte. */
static void treats(struct code *code, struct effect *effect, unsigned how, unsigned bytes)
{
    if (code->memory)
        touches(effect, code->operand, how, bytes);
    else if (how & STORES)
        writes(effect, bytes == 1 ? byte_register(code, code->rm) : code->rm);
}

static void writes_reg(struct code *code, struct effect *effect, unsigned bytes)
{
    writes(effect, bytes == 1 ? byte_register(code, code->reg) : code->reg);
}

static struct operand stack(int64_t offset)
{
    return (struct operand){.base = RSP, .index = NO_REGISTER, .offset = offset};
}

static bool pushes(const struct code *code, struct effect *effect)
{
    touches(effect, stack(-8), STORES, 8);
    derives(effect, RSP, RSP, -8);
    return !code->word;
}

static bool pops(const struct code *code, struct effect *effect)
{
    touches(effect, stack(0), LOADS, 8);
    derives(effect, RSP, RSP, 8);
    return !code->word;
}

/* ADD, OR, ADC, SBB, AND, SUB, XOR, CMP */
static void arithmetic(struct code *code, struct effect *effect, unsigned form, unsigned operation)
{
    enum { COMPARE = 7 };
    unsigned bytes = form & 1 ? operand_bytes(code) : 1;
    if (form < 2) /* to the operand that may be in memory */
        treats(code, effect, operation == COMPARE ? LOADS : LOADS | STORES, bytes);
    else {
        treats(code, effect, LOADS, bytes);
        if (operation != COMPARE)
            writes_reg(code, effect, bytes);
    }
}

/* The same with an immediate: what is added to a register of 64 bits can be followed. */
static bool arithmetic_immediate(struct code *code, struct effect *effect, unsigned opcode)
{
    enum { ADD = 0, SUBTRACT = 5 };
    unsigned operation = code->reg & 7;
    if (opcode == 0x82)
        return false;
    if (code->memory || !code->wide || opcode == 0x80 || (operation != ADD && operation != SUBTRACT)) {
        arithmetic(code, effect, opcode & 1, operation);
        return true;
    }
    int64_t by = immediate(code, opcode == 0x83 ? 1 : 4);
    derives(effect, code->rm, code->rm, operation == ADD ? by : -by);
    return true;
}

static bool group_3(struct code *code, struct effect *effect, unsigned bytes)
{
    unsigned operation = code->reg & 7; /* TEST, TEST, NOT, NEG, MUL, IMUL, DIV, IDIV */
    treats(code, effect, operation == 2 || operation == 3 ? LOADS | STORES : LOADS, bytes);
    if (operation >= 4)
        effect->written |= 1u << RAX | 1u << RDX;
    return true;
}

static bool group_5(struct code *code, struct effect *effect, unsigned bytes)
{
    unsigned operation = code->reg & 7;
    if (operation < 2 && (code->memory || !code->wide || bytes == 1)) { /* INC, DEC */
        treats(code, effect, LOADS | STORES, bytes);
        return true;
    }
    if (operation < 2) {
        derives(effect, code->rm, code->rm, operation == 0 ? 1 : -1);
        return true;
    }
    bool call = operation == 2, jump = operation == 4, push = operation == 6;
    if (bytes == 1 || code->word || !(call || jump || push))
        return false;
    treats(code, effect, LOADS, 8);
    return jump || pushes(code, effect);
}

static void load_address(struct code *code, struct effect *effect)
{
    if (code->wide && code->operand.index == NO_REGISTER)
        derives(effect, code->reg, code->operand.base, code->operand.offset);
    else
        writes(effect, code->reg);
}

/* Opcodes whose lowest three bits are a register. */
static bool decode_numbered(struct code *code, struct effect *effect, unsigned opcode)
{
    unsigned number = (opcode & 7) | (code->rex & 1) << 3;
    switch (opcode & 0xf8) {
    case 0x50:
        return pushes(code, effect);
    case 0x58:
        writes(effect, number);
        return pops(code, effect);
    case 0x90: /* NOP, XCHG; PAUSE ends a block */
        if (number)
            effect->written |= 1ull << RAX | 1ull << number;
        return code->prefix != 0xf3;
    case 0xb0:
        writes(effect, byte_register(code, number));
        return true;
    case 0xb8:
        if (code->word)
            writes(effect, number);
        else
            derives(effect, number, NO_REGISTER, (int64_t)little_endian(code, code->wide ? 8 : 4));
        return true;
    default:
        return false;
    }
}

/* Opcodes of one byte with ModRM. */
static bool decode_operands(struct code *code, struct effect *effect, unsigned opcode)
{
    unsigned bytes = opcode & 1 ? operand_bytes(code) : 1;
    switch (opcode) {
    case 0x63: /* MOVSXD */
        treats(code, effect, LOADS, 4);
        writes(effect, code->reg);
        return code->wide;
    case 0x69: /* IMUL */
    case 0x6b:
        treats(code, effect, LOADS, operand_bytes(code));
        writes(effect, code->reg);
        return true;
    case 0x80:
    case 0x81:
    case 0x83:
        return arithmetic_immediate(code, effect, opcode);
    case 0x84: /* TEST */
    case 0x85:
        treats(code, effect, LOADS, bytes);
        return true;
    case 0x88: /* MOV */
    case 0x89:
    case 0xc6:
    case 0xc7:
        if (opcode == 0x89 && !code->memory && code->wide)
            derives(effect, code->rm, code->reg, 0);
        else
            treats(code, effect, STORES, bytes);
        return opcode < 0xc0 || (code->reg & 7) == 0;
    case 0x8a:
    case 0x8b:
        if (opcode == 0x8b && !code->memory && code->wide)
            derives(effect, code->reg, code->rm, 0);
        else {
            treats(code, effect, LOADS, bytes);
            writes_reg(code, effect, bytes);
        }
        return true;
    case 0x8d:
        load_address(code, effect);
        return code->memory && !code->segment;
    case 0xc0: /* shifts */
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        treats(code, effect, LOADS | STORES, bytes);
        return true;
    case 0xf6:
    case 0xf7:
        return group_3(code, effect, bytes);
    case 0xfe:
    case 0xff:
        return group_5(code, effect, bytes);
    default:
        return false;
    }
}

static bool decode_one(struct code *code, struct effect *effect, unsigned opcode, uint64_t next_pc)
{
    if (opcode < 0x40 && (opcode & 7) < 6) {
        if ((opcode & 7) >= 4) {
            if (opcode >> 3 != 7)
                writes(effect, RAX);
            return true;
        }
        bool read = read_operands(code, next_pc);
        arithmetic(code, effect, opcode & 3, opcode >> 3);
        return read;
    }
    switch (opcode) {
    case 0x68: /* PUSH */
    case 0x6a:
        return pushes(code, effect);
    case 0x98: /* CDQE, CQO */
        writes(effect, RAX);
        return true;
    case 0x99:
        writes(effect, RDX);
        return true;
    case 0xa8: /* TEST */
    case 0xa9:
    case 0xe9: /* JMP */
    case 0xeb:
        return true;
    case 0xc3: /* RET */
        return pops(code, effect);
    case 0xe8: /* CALL */
        return pushes(code, effect);
    case 0xc9: /* LEAVE */
        touches(effect, (struct operand){.base = RBP, .index = NO_REGISTER}, LOADS, 8);
        derives(effect, RSP, RBP, 8);
        writes(effect, RBP);
        return !code->word;
    default:
        break;
    }
    if ((opcode & 0xf0) == 0x70) /* conditional jumps */
        return true;
    if ((opcode & 0xf0) == 0x50 || (opcode & 0xf8) == 0x90 || (opcode & 0xf0) == 0xb0)
        return decode_numbered(code, effect, opcode);
    return read_operands(code, next_pc) && decode_operands(code, effect, opcode);
}

/* The bytes that an operation on XMM registers loads; 0 where the prefix makes it another one. */
static unsigned vector_bytes(const struct code *code)
{
    return code->prefix == 0xf3 ? 4 : code->prefix == 0xf2 ? 8 : 16;
}

static bool loads_vector(struct code *code, struct effect *effect, unsigned bytes)
{
    if (code->memory)
        touches(effect, code->operand, LOADS, bytes);
    return true;
}

static bool stores_vector(struct code *code, struct effect *effect, unsigned bytes)
{
    if (code->memory)
        touches(effect, code->operand, STORES, bytes);
    return true;
}

/* Opcodes after 0F that move between XMM registers, memory and general registers. */
static bool decode_moves(struct code *code, struct effect *effect, unsigned opcode)
{
    bool packed = code->prefix == 0 || code->prefix == 0x66;
    unsigned general = code->wide ? 8 : 4;
    switch (opcode) {
    case 0x10: /* MOVUPS, MOVUPD, MOVSS, MOVSD */
        return loads_vector(code, effect, vector_bytes(code));
    case 0x11:
        return stores_vector(code, effect, vector_bytes(code));
    case 0x12: /* MOVLPS, MOVHPS … */
    case 0x16:
        return packed && loads_vector(code, effect, 8);
    case 0x13:
    case 0x17:
        return packed && stores_vector(code, effect, 8);
    case 0x28: /* MOVAPS */
        return packed && loads_vector(code, effect, 16);
    case 0x29:
        return packed && stores_vector(code, effect, 16);
    case 0x6e: /* MOVD, MOVQ */
        treats(code, effect, LOADS, general);
        return code->prefix == 0x66;
    case 0x7e:
        if (code->prefix == 0xf3)
            return loads_vector(code, effect, 8);
        treats(code, effect, STORES, general);
        return code->prefix == 0x66;
    case 0xd6:
        return code->prefix == 0x66 && stores_vector(code, effect, 8);
    case 0x6f: /* MOVDQA, MOVDQU */
        return (code->prefix == 0x66 || code->prefix == 0xf3) && loads_vector(code, effect, 16);
    case 0x7f:
        return (code->prefix == 0x66 || code->prefix == 0xf3) && stores_vector(code, effect, 16);
    case 0xd7: /* PMOVMSKB */
        writes(effect, code->reg);
        return code->prefix == 0x66 && !code->memory;
    default:
        return false;
    }
}

/* Arithmetic of packed integers in XMM registers, which loads 16 bytes. */
static bool is_packed(unsigned opcode)
{
    return (opcode >= 0x60 && opcode <= 0x6d) || (opcode >= 0x74 && opcode <= 0x76) || opcode == 0xd4 ||
           opcode == 0xda || opcode == 0xdb || (opcode >= 0xde && opcode <= 0xdf) || opcode == 0xeb ||
           opcode == 0xef || (opcode >= 0xf8 && opcode <= 0xfe);
}

static bool decode_vector(struct code *code, struct effect *effect, unsigned opcode)
{
    if (opcode >= 0x54 && opcode <= 0x57) /* AND, ANDN, OR, XOR */
        return loads_vector(code, effect, 16);
    if (opcode == 0x51 || opcode == 0x58 || opcode == 0x59 || (opcode >= 0x5c && opcode <= 0x5f))
        return loads_vector(code, effect, vector_bytes(code));
    if (code->prefix == 0x66 && is_packed(opcode))
        return loads_vector(code, effect, 16);
    if (opcode == 0x70 && code->prefix) /* PSHUFD */
        return loads_vector(code, effect, 16);
    if (code->prefix == 0x66 && opcode >= 0x71 && opcode <= 0x73) /* shifts by a constant */
        return !code->memory;
    if (opcode == 0x2e || opcode == 0x2f) /* UCOMISS, COMISS */
        return loads_vector(code, effect, code->prefix == 0x66 ? 8 : 4);
    if (opcode == 0x2a && (code->prefix & 0xf0) == 0xf0) { /* CVTSI2SD */
        treats(code, effect, LOADS, code->wide ? 8 : 4);
        return true;
    }
    if (opcode == 0x2c && (code->prefix & 0xf0) == 0xf0) { /* CVTTSD2SI */
        writes(effect, code->reg);
        return loads_vector(code, effect, vector_bytes(code));
    }
    return decode_moves(code, effect, opcode);
}

/* Opcodes after 0F. */
static bool decode_two(struct code *code, struct effect *effect, unsigned opcode, uint64_t next_pc)
{
    if ((opcode & 0xf0) == 0x80) /* conditional jumps */
        return true;
    if ((opcode & 0xf8) == 0xc8) { /* BSWAP */
        writes(effect, (opcode & 7) | (code->rex & 1) << 3);
        return true;
    }
    if (opcode == 0x0b || opcode == 0x05 || opcode == 0x38 || opcode == 0x3a || !read_operands(code, next_pc))
        return false;
    if ((opcode & 0xf0) == 0x40) { /* CMOV */
        treats(code, effect, LOADS, operand_bytes(code));
        writes(effect, code->reg);
        return true;
    }
    switch (opcode) {
    case 0x18: /* prefetches, and operations that do nothing */
    case 0x1e:
    case 0x1f:
        return true;
    case 0xa3: /* BT; in memory, its operand lies elsewhere */
        return !code->memory;
    case 0xaf: /* IMUL, BSF, BSR */
    case 0xbc:
    case 0xbd:
        treats(code, effect, LOADS, operand_bytes(code));
        writes(effect, code->reg);
        return true;
    case 0xb6: /* MOVZX, MOVSX */
    case 0xb7:
    case 0xbe:
    case 0xbf:
        treats(code, effect, LOADS, opcode & 1 ? 2 : 1);
        writes(effect, code->reg);
        return true;
    case 0xba: /* BT, BTS, BTR, BTC */
        treats(code, effect, (code->reg & 7) == 4 ? LOADS : LOADS | STORES, operand_bytes(code));
        return true;
    default:
        break;
    }
    if ((opcode & 0xf0) == 0x90) { /* SETcc */
        treats(code, effect, STORES, 1);
        return true;
    }
    return decode_vector(code, effect, opcode);
}

bool decode_x86(const unsigned char *bytes, size_t size, uint64_t pc, struct effect *effect)
{
    struct code code = {.at = bytes, .end = bytes + size};
    if (!read_prefixes(&code))
        return false;
    unsigned opcode = next(&code);
    return opcode == 0x0f ? decode_two(&code, effect, next(&code), pc + size)
                          : decode_one(&code, effect, opcode, pc + size);
}
