/*
 * What is known of the registers' values within a block: which unknown it is, and how far from it.
 *
 * Value n of a block is a number that nobody knows; every register holds one of them plus an offset. Value 0 is 0, so
 * that its offsets are addresses.
 */
#ifndef MEMSIM_VALUES_H
#define MEMSIM_VALUES_H

#include "effects.h"

#define ZERO 0u

struct value {
    uint32_t number;
    int64_t offset;
};

#define MAX_SUMS 16u

struct sum {
    uint32_t base, index, number;
    uint8_t shift;
};

struct values {
    struct value registers[REGISTERS];
    uint32_t used; /* numbers so far */
    struct sum sums[MAX_SUMS];
    uint32_t sums_used;
};

/* From here on nothing is known of any register. */
void values_forget(struct values *values);

/* The address of an operand. */
struct value values_of(struct values *values, const struct operand *operand);

/* Registers after an instruction. */
void values_apply(struct values *values, const struct effect *effect);

#endif
