/*
 * Call stacks with how often each was seen: a tree whose nodes are code addresses, root first.
 *
 * A node of a stack is the address that its call returns to, the last one the block that was executing.
 */
#ifndef MEMSIM_STACKS_H
#define MEMSIM_STACKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define NO_STACK 0u

/* Reserve room. Returns false where the host refuses. */
bool stacks_init(void);

/* `stack` with `pc` called from it. Where there is room for no more stacks, the empty one. */
uint32_t stacks_push(uint32_t stack, uint64_t pc);

/* What is left of `stack` after a return to `pc`: all of it, where nobody in it was called from there. */
uint32_t stacks_return(uint32_t stack, uint64_t pc);

/* Count at `stack`; at the empty one, what had no room. */
void stacks_add(uint32_t stack, uint64_t count);

/* One line a stack, `PARENT PC COUNT` in hexadecimal: the first line is stack 1, a parent precedes its children. */
void stacks_write(FILE *file);
uint64_t stacks_lost(void);

#endif
