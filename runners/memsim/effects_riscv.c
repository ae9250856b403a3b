/* Source: The RISC-V Instruction Set Manual, volume I, chapters 2 to 5 and 16 (C), and its opcode map. */
#include "effects.h"

#include <string.h>

enum { SP = 2 };

static unsigned field(uint32_t w, unsigned low, unsigned bits)
{
    return w >> low & ((1u << bits) - 1);
}

/* Register 0 is the constant 0. */
static unsigned source(unsigned number)
{
    return number ? number : NO_REGISTER;
}

static void clobbers(struct effect *effect, unsigned number)
{
    if (number)
        writes(effect, number);
}

static void adds(struct effect *effect, unsigned number, unsigned from, int64_t by)
{
    if (number)
        derives(effect, number, source(from), by);
}

static void moves(struct effect *effect, bool store, unsigned base, int64_t offset, unsigned bytes)
{
    accesses(effect, (struct operand){(uint8_t)source(base), NO_REGISTER, 0, 0, store, offset}, bytes, 8);
}

static bool decode_word(uint32_t w, uint64_t pc, struct effect *effect)
{
    unsigned rd = field(w, 7, 5), kind = field(w, 12, 3), rs1 = field(w, 15, 5);
    int64_t immediate = extend(w >> 20, 12), upper = extend(w & 0xfffff000u, 32);
    switch (field(w, 0, 7)) {
    case 0x03: /* LOAD */
        moves(effect, false, rs1, immediate, 1u << (kind & 3));
        clobbers(effect, rd);
        return kind != 7;
    case 0x07: /* LOAD-FP: FLW, FLD */
        moves(effect, false, rs1, immediate, 1u << (kind & 3));
        return kind == 2 || kind == 3;
    case 0x23: /* STORE */
        moves(effect, true, rs1, extend(field(w, 25, 7) << 5 | rd, 12), 1u << (kind & 3));
        return kind < 4;
    case 0x27: /* STORE-FP: FSW, FSD */
        moves(effect, true, rs1, extend(field(w, 25, 7) << 5 | rd, 12), 1u << (kind & 3));
        return kind == 2 || kind == 3;
    case 0x13: /* OP-IMM */
        if (kind == 0)
            adds(effect, rd, rs1, immediate);
        else
            clobbers(effect, rd);
        return true;
    case 0x17: /* AUIPC */
        adds(effect, rd, 0, (int64_t)pc + upper);
        return true;
    case 0x37: /* LUI */
        adds(effect, rd, 0, upper);
        return true;
    case 0x1b: /* OP-IMM-32 */
    case 0x33: /* OP */
    case 0x3b: /* OP-32 */
    case 0x53: /* OP-FP: some write a general register */
    case 0x67: /* JALR */
    case 0x6f: /* JAL */
        clobbers(effect, rd);
        return true;
    case 0x63: /* BRANCH */
    case 0x43: /* FMADD, FMSUB, FNMSUB, FNMADD */
    case 0x47:
    case 0x4b:
    case 0x4f:
        return true;
    case 0x0f: /* FENCE, not FENCE.I */
        return kind == 0;
    default:
        return false;
    }
}

/* Quadrant 0: registers 8 to 15, offsets without a sign. */
static bool decode_0(uint32_t w, struct effect *effect)
{
    unsigned rd = 8 + field(w, 2, 3), base = 8 + field(w, 7, 3), kind = field(w, 13, 3);
    unsigned doubles = field(w, 10, 3) << 3 | field(w, 5, 2) << 6;
    unsigned words = field(w, 10, 3) << 3 | field(w, 6, 1) << 2 | field(w, 5, 1) << 6;
    bool store = kind >= 4;
    switch (kind) {
    case 0: /* C.ADDI4SPN */
        adds(effect, rd, SP,
             field(w, 11, 2) << 4 | field(w, 7, 4) << 6 | field(w, 6, 1) << 2 | field(w, 5, 1) << 3);
        return w;
    case 2: /* C.LW, C.SW */
    case 6:
        moves(effect, store, base, words, 4);
        break;
    case 1: /* C.FLD, C.LD, C.FSD, C.SD */
    case 3:
    case 5:
    case 7:
        moves(effect, store, base, doubles, 8);
        break;
    default:
        return false;
    }
    if (kind == 2 || kind == 3)
        clobbers(effect, rd);
    return true;
}

static bool decode_1(uint32_t w, struct effect *effect)
{
    unsigned rd = field(w, 7, 5);
    int64_t immediate = extend(field(w, 12, 1) << 5 | field(w, 2, 5), 6);
    switch (field(w, 13, 3)) {
    case 0: /* C.ADDI */
        adds(effect, rd, rd, immediate);
        return true;
    case 1: /* C.ADDIW */
        clobbers(effect, rd);
        return true;
    case 2: /* C.LI */
        adds(effect, rd, 0, immediate);
        return true;
    case 3: /* C.ADDI16SP, C.LUI */
        if (rd == SP)
            adds(effect, SP, SP,
                 extend(field(w, 12, 1) << 9 | field(w, 6, 1) << 4 | field(w, 5, 1) << 6 |
                            field(w, 3, 2) << 7 | field(w, 2, 1) << 5,
                        10));
        else
            adds(effect, rd, 0, immediate * 4096);
        return immediate;
    case 4: /* C.SRLI … C.ADDW */
        clobbers(effect, 8 + field(w, 7, 3));
        return true;
    default: /* C.J, C.BEQZ, C.BNEZ */
        return true;
    }
}

static bool decode_2(uint32_t w, struct effect *effect)
{
    unsigned rd = field(w, 7, 5), rs2 = field(w, 2, 5), kind = field(w, 13, 3);
    unsigned bit5 = field(w, 12, 1) << 5;
    switch (kind) {
    case 0: /* C.SLLI */
        clobbers(effect, rd);
        return true;
    case 1: /* C.FLDSP, C.LDSP */
    case 3:
        moves(effect, false, SP, bit5 | field(w, 5, 2) << 3 | field(w, 2, 3) << 6, 8);
        if (kind == 3)
            clobbers(effect, rd);
        return true;
    case 2: /* C.LWSP */
        moves(effect, false, SP, bit5 | field(w, 4, 3) << 2 | field(w, 2, 2) << 6, 4);
        clobbers(effect, rd);
        return true;
    case 4: /* C.MV, C.ADD; C.JR, C.JALR and C.EBREAK end a block */
        if (rs2 && !bit5)
            adds(effect, rd, rs2, 0);
        else if (rs2)
            clobbers(effect, rd);
        return true;
    case 6: /* C.SWSP */
        moves(effect, true, SP, field(w, 9, 4) << 2 | field(w, 7, 2) << 6, 4);
        return true;
    default: /* C.FSDSP, C.SDSP */
        moves(effect, true, SP, field(w, 10, 3) << 3 | field(w, 7, 3) << 6, 8);
        return true;
    }
}

bool decode_riscv(const unsigned char *code, size_t size, uint64_t pc, struct effect *effect)
{
    uint32_t w = 0;
    if (size != 2 && size != 4)
        return false;
    memcpy(&w, code, size);
    switch (w & 3) {
    case 0:
        return decode_0(w, effect);
    case 1:
        return decode_1(w, effect);
    case 2:
        return decode_2(w, effect);
    default:
        return decode_word(w, pc, effect);
    }
}
