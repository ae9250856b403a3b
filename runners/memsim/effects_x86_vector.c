/* Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, appendix A: SSE and SSE2. */
#include "x86_code.h"

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

bool decode_x86_vector(struct code *code, struct effect *effect, unsigned opcode)
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
