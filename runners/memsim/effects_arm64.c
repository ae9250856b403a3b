/* Source: Arm Architecture Reference Manual for A-profile, C4.1 "A64 instruction set encoding". */
#include "effects.h"

#include <string.h>

enum { ZERO_OR_SP = 31, PIECE = 8 }; /* QEMU makes two accesses of one to 16 bytes */

static unsigned field(uint32_t w, unsigned low, unsigned bits)
{
    return w >> low & ((1u << bits) - 1);
}

static void clobbers(struct effect *effect, unsigned number)
{
    if (number != ZERO_OR_SP)
        writes(effect, number);
}

static struct operand at(unsigned base, int64_t offset, bool store)
{
    return (struct operand){(uint8_t)base, NO_REGISTER, 0, 0, store, offset};
}

enum index { OFFSET, POST, PRE };

/* An access to [base, offset] that may leave the address behind in its base. */
static void indexed(struct effect *effect, struct operand where, enum index index, unsigned bytes)
{
    int64_t by = where.offset;
    if (index == POST)
        where.offset = 0;
    accesses(effect, where, bytes, PIECE);
    if (index != OFFSET)
        derives(effect, where.base, where.base, by);
}

static bool decode_pair(uint32_t w, struct effect *effect)
{
    static const enum index indices[] = {OFFSET, POST, OFFSET, PRE};
    unsigned size = field(w, 30, 2), base = field(w, 5, 5);
    bool vector = field(w, 26, 1), load = field(w, 22, 1);
    if (size == 3 || (!vector && size == 1 && !load)) /* STGP */
        return false;
    unsigned bytes = vector ? 4u << size : size == 2 ? 8 : 4;
    struct operand first = at(base, extend(field(w, 15, 7), 7) * bytes, !load), second = first;
    indexed(effect, first, indices[field(w, 23, 2)], bytes);
    second.offset = effect->access[0].offset + bytes;
    accesses(effect, second, bytes, PIECE);
    if (load && !vector) {
        clobbers(effect, field(w, 0, 5));
        clobbers(effect, field(w, 10, 5));
    }
    return true;
}

/* One register: how many bytes, and in which direction? None of PRFM, which accesses nothing. */
static bool decode_size(uint32_t w, unsigned *shift, bool *store, bool *none)
{
    unsigned size = field(w, 30, 2), kind = field(w, 22, 2);
    bool vector = field(w, 26, 1);
    *shift = vector && kind >= 2 ? 4 : size;
    *store = vector ? !(kind & 1) : kind == 0;
    *none = !vector && size == 3 && kind == 2;
    return vector ? kind < 2 || size == 0 : size < 2 || kind < 2 || (kind == 2 && (size == 2 || *none));
}

static bool decode_single(uint32_t w, struct effect *effect)
{
    unsigned shift, base = field(w, 5, 5), option = field(w, 13, 3);
    bool store, none;
    enum index index = OFFSET;
    if (!decode_size(w, &shift, &store, &none))
        return false;
    struct operand where = at(base, extend(field(w, 12, 9), 9), store);
    if (field(w, 24, 1)) /* unsigned offset */
        where.offset = (int64_t)field(w, 10, 12) << shift;
    else if (field(w, 21, 1)) { /* register offset; atomic operations are of bits 00 */
        if (field(w, 10, 2) != 2 || (option & 3) != 3 || field(w, 16, 5) == ZERO_OR_SP)
            return false;
        where.offset = 0;
        where.index = (uint8_t)field(w, 16, 5);
        where.shift = (uint8_t)(field(w, 12, 1) ? shift : 0);
    } else if (field(w, 10, 2) == 2) /* unprivileged */
        return false;
    else if (field(w, 10, 2))
        index = field(w, 10, 2) == 1 ? POST : PRE;
    if (none)
        return index == OFFSET;
    indexed(effect, where, index, 1u << shift);
    if (!store && !field(w, 26, 1))
        clobbers(effect, field(w, 0, 5));
    return true;
}

static bool decode_literal(uint32_t w, uint64_t pc, struct effect *effect)
{
    unsigned kind = field(w, 30, 2);
    bool vector = field(w, 26, 1);
    if (kind == 3)
        return !vector; /* PRFM */
    unsigned bytes = vector ? 4u << kind : kind == 1 ? 8 : 4;
    accesses(effect, at(NO_REGISTER, (int64_t)pc + extend(field(w, 5, 19), 19) * 4, false), bytes, PIECE);
    if (!vector)
        clobbers(effect, field(w, 0, 5));
    return true;
}

/* LDAR and STLR, whose order nobody here cares for; exclusive ones may store or not. */
static bool decode_ordered(uint32_t w, struct effect *effect)
{
    bool load = field(w, 22, 1);
    if ((w & 0x3fbffc00u) != 0x089ffc00u)
        return false;
    accesses(effect, at(field(w, 5, 5), 0, !load), 1u << field(w, 30, 2), PIECE);
    if (load)
        clobbers(effect, field(w, 0, 5));
    return true;
}

/* ADR, ADRP, ADD and SUB of 64 bits tell the value; ADD, SUB, AND, ORR and EOR that set no flags write SP. */
static bool decode_immediate(uint32_t w, uint64_t pc, struct effect *effect)
{
    unsigned rd = field(w, 0, 5), operation = field(w, 23, 3);
    bool flags = field(w, 29, 1);
    if (operation < 2) {
        int64_t by = extend(field(w, 5, 19) << 2 | field(w, 29, 2), 21);
        uint64_t from = field(w, 31, 1) ? (pc & ~4095ull) + (uint64_t)(by * 4096) : pc + (uint64_t)by;
        if (rd != ZERO_OR_SP)
            derives(effect, rd, NO_REGISTER, (int64_t)from);
    } else if (operation == 2 && field(w, 31, 1) && !flags) {
        int64_t by = (int64_t)field(w, 10, 12) << (field(w, 22, 1) ? 12 : 0);
        derives(effect, rd, field(w, 5, 5), field(w, 30, 1) ? -by : by);
    } else if ((operation == 2 && !flags) || (operation == 4 && field(w, 29, 2) != 3))
        writes(effect, rd);
    else
        clobbers(effect, rd);
    return operation != 3; /* of tags */
}

static void decode_register(uint32_t w, struct effect *effect)
{
    unsigned rd = field(w, 0, 5), rm = field(w, 16, 5);
    if ((w & 0xffe0ffe0u) == 0xaa0003e0u && rd != ZERO_OR_SP) /* MOV, of XZR too */
        derives(effect, rd, rm == ZERO_OR_SP ? NO_REGISTER : rm, 0);
    else if ((w & 0x3fe00000u) == 0x0b200000u) /* ADD and SUB of an extended register write SP */
        writes(effect, rd);
    else
        clobbers(effect, rd);
}

static bool decode_system(uint32_t w, struct effect *effect)
{
    if ((w & 0xfffff01fu) == 0xd503201fu) /* hints; those that sign pointers write registers */
        return field(w, 5, 7) < 6 || field(w, 5, 7) >= 32;
    if ((w & 0xfffff0ffu) == 0xd50330bfu) /* DMB */
        return true;
    if ((w & 0xfff00000u) == 0xd5300000u) { /* MRS */
        clobbers(effect, field(w, 0, 5));
        return true;
    }
    return field(w, 24, 8) != 0xd5 && field(w, 24, 8) != 0xd4; /* branches */
}

bool decode_arm64(const unsigned char *code, size_t size, uint64_t pc, struct effect *effect)
{
    uint32_t w;
    if (size != sizeof w)
        return false;
    memcpy(&w, code, sizeof w);
    if ((w & 0x1c000000u) == 0x10000000u)
        return decode_immediate(w, pc, effect);
    if ((w & 0x1c000000u) == 0x14000000u)
        return decode_system(w, effect);
    if ((w & 0x0e000000u) == 0x0a000000u)
        return decode_register(w, effect), true;
    if ((w & 0x0e000000u) == 0x0e000000u) /* SIMD and floating point; some write a general register */
        return clobbers(effect, field(w, 0, 5)), true;
    switch (w & 0x3b000000u) {
    case 0x08000000u:
        return decode_ordered(w, effect);
    case 0x18000000u:
        return decode_literal(w, pc, effect);
    case 0x28000000u:
    case 0x29000000u:
        return decode_pair(w, effect);
    case 0x38000000u:
    case 0x39000000u:
        return decode_single(w, effect);
    default: /* of structures, SVE */
        return false;
    }
}
