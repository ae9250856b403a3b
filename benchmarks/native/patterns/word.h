/* Loads and stores of one machine word at any address. In C that is undefined where the address is no multiple of the
   word's size; on all our architectures it is one instruction, and what that costs there is what is measured. */
#ifndef PAGEWALK_WORD_H
#define PAGEWALK_WORD_H

#include <stdint.h>

typedef uintptr_t word;

#if UINTPTR_MAX > UINT32_MAX
typedef uint32_t half_word;
#else
typedef uint16_t half_word;
#endif

/* The sanitizers are right, and not asked: volatile keeps the compiler from drawing conclusions. */
#define AT_ANY_ADDRESS __attribute__((no_sanitize("alignment"))) static inline

AT_ANY_ADDRESS word load_word(const char *at) { return *(const volatile word *)at; }

AT_ANY_ADDRESS void store_word(char *at, word value) { *(volatile word *)at = value; }

#endif
