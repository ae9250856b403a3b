/* Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 and appendix A. */
#include "x86_code.h"

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

bool decode_x86(const unsigned char *bytes, size_t size, uint64_t pc, struct effect *effect)
{
    struct code code = {.at = bytes, .end = bytes + size};
    if (!read_prefixes(&code))
        return false;
    unsigned opcode = next(&code);
    return opcode == 0x0f ? decode_x86_0f(&code, effect, next(&code), pc + size)
                          : decode_one(&code, effect, opcode, pc + size);
}
