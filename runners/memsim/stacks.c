#include "stacks.h"

#include <inttypes.h>
#include <stddef.h>
#include <sys/mman.h>

#define MAX_STACKS (1u << 20)
#define SLOT_BITS 22 /* four slots a stack, so that probing stays short */
#define SLOTS (1u << SLOT_BITS)

struct stack {
    uint64_t pc;
    uint64_t count;
    uint32_t parent;
};

static struct stack *stacks; /* the first is the empty one */
static uint32_t *slots;
static uint32_t used = 1;

static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

bool stacks_init(void)
{
    stacks = reserve(sizeof *stacks * MAX_STACKS);
    slots = reserve(sizeof *slots * SLOTS);
    return stacks && slots;
}

/* Multiplicative hashing: Knuth, The Art of Computer Programming, volume 3, 6.4. */
static uint32_t slot_of(uint32_t parent, uint64_t pc)
{
    return (uint32_t)((pc + parent * 0x9e3779b97f4a7c15u) * 0xd1b54a32d192ed03u >> (64 - SLOT_BITS));
}

uint32_t stacks_push(uint32_t stack, uint64_t pc)
{
    uint32_t slot = slot_of(stack, pc);
    for (; slots[slot]; slot = (slot + 1) % SLOTS)
        if (stacks[slots[slot]].pc == pc && stacks[slots[slot]].parent == stack)
            return slots[slot];
    if (used == MAX_STACKS)
        return NO_STACK;
    stacks[used] = (struct stack){.pc = pc, .parent = stack};
    return slots[slot] = used++;
}

uint32_t stacks_return(uint32_t stack, uint64_t pc)
{
    for (uint32_t at = stack; at; at = stacks[at].parent)
        if (stacks[at].pc == pc)
            return stacks[at].parent;
    return stack;
}

void stacks_add(uint32_t stack, uint64_t count)
{
    stacks[stack].count += count;
}

void stacks_write(FILE *file)
{
    for (uint32_t at = 1; at < used; at++)
        fprintf(file, "%" PRIx32 " %" PRIx64 " %" PRIx64 "\n", stacks[at].parent, stacks[at].pc, stacks[at].count);
}

uint64_t stacks_lost(void)
{
    return stacks[NO_STACK].count;
}
