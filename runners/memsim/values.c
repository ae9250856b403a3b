#include "values.h"

static struct value unknown(struct values *values)
{
    return (struct value){++values->used, 0};
}

void values_forget(struct values *values)
{
    for (unsigned i = 0; i < REGISTERS; i++)
        values->registers[i] = unknown(values);
}

static struct value held(const struct values *values, unsigned number)
{
    return number == NO_REGISTER ? (struct value){ZERO, 0} : values->registers[number];
}

/* The same sum of the same two unknowns is the same unknown. */
static uint32_t sum_of(struct values *values, uint32_t base, uint32_t index, uint8_t shift)
{
    if (index == ZERO)
        return base;
    if (base == ZERO && shift == 0)
        return index;
    for (struct sum *sum = values->sums; sum < values->sums + values->sums_used; sum++)
        if (sum->base == base && sum->index == index && sum->shift == shift)
            return sum->number;
    uint32_t number = unknown(values).number;
    if (values->sums_used < MAX_SUMS)
        values->sums[values->sums_used++] = (struct sum){base, index, number, shift};
    return number;
}

struct value values_of(struct values *values, const struct operand *operand)
{
    struct value base = held(values, operand->base), index = held(values, operand->index);
    int64_t scaled = (int64_t)((uint64_t)index.offset << operand->shift);
    return (struct value){sum_of(values, base.number, index.number, operand->shift),
                          (int64_t)((uint64_t)base.offset + (uint64_t)scaled + (uint64_t)operand->offset)};
}

void values_apply(struct values *values, const struct effect *effect)
{
    struct value derived = held(values, effect->source);
    derived.offset = (int64_t)((uint64_t)derived.offset + (uint64_t)effect->by);
    if (effect->derived != NO_REGISTER)
        values->registers[effect->derived] = derived;
    for (unsigned i = 0; i < REGISTERS; i++)
        if (effect->written >> i & 1)
            values->registers[i] = unknown(values);
}
