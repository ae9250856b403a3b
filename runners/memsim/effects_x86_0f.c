/* Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, appendix A: opcodes after 0F. */
#include "x86_code.h"

bool decode_x86_0f(struct code *code, struct effect *effect, unsigned opcode, uint64_t next_pc)
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
    return decode_x86_vector(code, effect, opcode);
}
