#include "groups.h"

#include "values.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BLOCK 4096u /* instructions; QEMU's blocks have 512 at most */
#define MAX_STEPS (MAX_BLOCK * MAX_OPERANDS)

/* What is being planned; QEMU translates in one thread at a time, but nobody promises it. */
struct work {
    struct plan plan;
    enum watch watches[MAX_BLOCK];
    struct group *groups[MAX_BLOCK];
    struct values values;
    uint32_t bases[BASES]; /* the number of the value that each base holds */
    size_t bases_used;
    struct group open; /* the group that further accesses belong to; its steps are below */
    bool is_open;
    struct step steps[MAX_STEPS];
};

static _Thread_local struct work *work;

static void begin(struct work *to)
{
    to->plan = (struct plan){to->watches, to->groups, 0};
    to->values.used = to->values.sums_used = 0;
    values_forget(&to->values);
    to->bases[0] = ZERO;
    to->bases_used = 1;
    to->is_open = false;
}

static void close_group(struct work *to)
{
    if (!to->is_open)
        return;
    size_t bytes = to->open.count * sizeof(struct step);
    struct group *kept = malloc(sizeof *kept + bytes);
    if (!kept)
        abort(); /* without memory, QEMU aborts as well */
    *kept = to->open;
    memcpy(kept->steps, to->steps, bytes);
    to->groups[to->plan.count++] = kept;
    to->is_open = false;
}

/* The base that holds a value; BASES where none does. */
static size_t base_of(const struct work *from, uint32_t number)
{
    size_t base = 0;
    while (base < from->bases_used && from->bases[base] != number)
        base++;
    return base < from->bases_used ? base : BASES;
}

/* An instruction's accesses, with what is known of their addresses before it. */
struct known {
    size_t count;
    struct value address[MAX_OPERANDS];
    struct kind kind[MAX_OPERANDS];
};

static struct known resolve(struct work *to, const struct effect *effect)
{
    struct known known = {.count = effect->accesses};
    for (size_t i = 0; i < known.count; i++) {
        known.address[i] = values_of(&to->values, &effect->access[i]);
        known.kind[i] = (struct kind){effect->access[i].extent, effect->access[i].store};
    }
    return known;
}

static void append(struct work *to, const struct known *known)
{
    for (size_t i = 0; i < known->count; i++) {
        uint8_t base = (uint8_t)base_of(to, known->address[i].number);
        to->steps[to->open.count++] = (struct step){known->address[i].offset, base, known->kind[i]};
        to->open.moved[known->kind[i].store]++;
    }
}

/* Make the accesses the open group's next ones, if all of their addresses are known. */
static bool follow(struct work *to, const struct known *known)
{
    for (size_t i = 0; i < known->count; i++)
        if (base_of(to, known->address[i].number) == BASES)
            return false;
    if (known->count && !to->is_open)
        return false;
    append(to, known);
    return true;
}

/* Open a group, if all of its leader's accesses are known from the first, and a base is left for that. */
static bool lead(struct work *to, const struct known *known, size_t instruction)
{
    struct value first = known->address[0];
    for (size_t i = 1; i < known->count; i++)
        if (known->address[i].number != first.number)
            return false;
    size_t base = base_of(to, first.number);
    if (base == BASES && to->bases_used == BASES)
        return false;
    if (base == BASES)
        to->bases[base = to->bases_used++] = first.number;
    to->is_open = true;
    to->open = (struct group){.leader = instruction, .own = (uint32_t)known->count};
    append(to, known);
    return true;
}

static enum watch add(struct work *to, const struct effect *effect, size_t instruction)
{
    struct known known = resolve(to, effect);
    if (effect->known && follow(to, &known))
        return SILENT;
    close_group(to);
    return effect->known && lead(to, &known, instruction) ? LEADING : WATCHED;
}

const struct plan *groups_plan(const struct code_view *instructions, size_t count)
{
    if (!work && !(work = malloc(sizeof *work)))
        abort();
    if (count > MAX_BLOCK)
        abort();
    begin(work);
    for (size_t i = 0; i < count; i++) {
        struct effect effect = effect_of(instructions[i].code, instructions[i].size, instructions[i].pc);
        work->watches[i] = add(work, &effect, i);
        if (effect.known)
            values_apply(&work->values, &effect);
        else
            values_forget(&work->values);
    }
    close_group(work);
    return &work->plan;
}
