#include "calls.h"

#include <stdint.h>
#include <string.h>

typedef enum leaving (*decoder)(const unsigned char *code, size_t size);

static decoder decode;

static uint32_t word(const unsigned char *code, size_t size)
{
    uint32_t value = 0;
    memcpy(&value, code, size < sizeof value ? size : sizeof value); /* little-endian, as host and guests are */
    return value;
}

/* Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: CALL and RET; prefixes in 2.1.1 */
static enum leaving decode_x86(const unsigned char *code, size_t size)
{
    size_t at = 0;
    while (at < size && (memchr("\xf2\xf3\x2e\x3e\x66", code[at], 5) || (code[at] & 0xf0) == 0x40))
        at++;
    unsigned char opcode = at < size ? code[at] : 0, extension = at + 1 < size ? code[at + 1] >> 3 & 7 : 0;
    if (opcode == 0xe8 || (opcode == 0xff && (extension == 2 || extension == 3)))
        return CALLS;
    return opcode == 0xc3 || opcode == 0xc2 ? RETURNS : GOES_ON;
}

/* Arm Architecture Reference Manual for A-profile, C6.2: BL, BLR, BLRA*, RET, RETA* */
static enum leaving decode_arm64(const unsigned char *code, size_t size)
{
    uint32_t w = word(code, size);
    if ((w & 0xfc000000) == 0x94000000 || (w & 0xfffffc1f) == 0xd63f0000 || (w & 0xfefff800) == 0xd63f0800)
        return CALLS;
    return (w & 0xfffffc1f) == 0xd65f0000 || (w & 0xfffffbff) == 0xd65f0bff ? RETURNS : GOES_ON;
}

/* x1 and x5 are link registers: RISC-V Unprivileged ISA, return-address stack prediction hints of JALR */
static bool links(uint32_t number)
{
    return number == 1 || number == 5;
}

static enum leaving decode_riscv(const unsigned char *code, size_t size)
{
    uint32_t w = word(code, size), rd = w >> 7 & 31, rs1 = w >> 15 & 31;
    if (size == 2) { /* C.JALR and C.JR have their register where others have rd; C.EBREAK has none */
        if ((w & 0xf07f) == 0x9002 && rd)
            return CALLS;
        return (w & 0xf07f) == 0x8002 && links(rd) ? RETURNS : GOES_ON;
    }
    bool direct = (w & 0x7f) == 0x6f, indirect = (w & 0x707f) == 0x67;
    if ((direct || indirect) && links(rd))
        return CALLS;
    return indirect && !rd && links(rs1) ? RETURNS : GOES_ON;
}

bool calls_init(const char *target)
{
    decode = !strcmp(target, "x86_64")    ? decode_x86
             : !strcmp(target, "aarch64") ? decode_arm64
             : !strcmp(target, "riscv64") ? decode_riscv
                                          : NULL;
    return decode;
}

enum leaving calls_leaving(const unsigned char *code, size_t size)
{
    return decode ? decode(code, size) : GOES_ON;
}
