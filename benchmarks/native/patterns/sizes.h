/* Sizes of blocks as programs ask for them, drawn in integers: every architecture draws the same. */
#ifndef PAGEWALK_SIZES_H
#define PAGEWALK_SIZES_H

#include <stdint.h>

/* From `least` to `most`, each as likely as the other. */
static inline uint64_t even_size(uint64_t random, uint64_t least, uint64_t most)
{
    return least + (random >> 32) % (most - least + 1);
}

/* Bounded Pareto of shape 1, many small and few large: least / (1 - u (1 - least / most)) for u from 0 to below 1
   (inverse transform; Johnson, Kotz, Balakrishnan: Continuous Univariate Distributions I, 20). `most` is below 2^31. */
static inline uint64_t pareto_size(uint64_t random, uint64_t least, uint64_t most)
{
    return (least << 32) / ((UINT64_C(1) << 32) - (random >> 32) * (most - least) / most);
}

#endif
