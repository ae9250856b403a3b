#include "effects.h"

#include <string.h>

typedef bool (*decoder)(const unsigned char *code, size_t size, uint64_t pc, struct effect *effect);

static decoder decode;

void effects_init(const char *target)
{
    decode = !strcmp(target, "x86_64")    ? decode_x86
             : !strcmp(target, "aarch64") ? decode_arm64
             : !strcmp(target, "riscv64") ? decode_riscv
                                          : NULL;
}

struct effect effect_of(const unsigned char *code, size_t size, uint64_t pc)
{
    struct effect effect = {.derived = NO_REGISTER, .source = NO_REGISTER};
    effect.known = decode && decode(code, size, pc, &effect);
    return effect;
}
