/* What is done when a group's leader accesses memory: the whole group does. */
#ifndef MEMSIM_GROUP_ACCESS_H
#define MEMSIM_GROUP_ACCESS_H

#include "groups.h"

static inline uint64_t address_of(const struct core *core, const struct step *step)
{
    return core->bases[step->base] + (uint64_t)step->offset;
}

/* The accesses of a group from one that misses on; not inlined, so that those that hit need few registers. */
static __attribute__((noinline)) void access_rest(struct core *core, const struct group *group,
                                                  const struct step *step, uint64_t now)
{
    core_touch(core, address_of(core, step), step->kind, now);
    while (++step < group->steps + group->count) {
        now += STEP;
        if (!core_hits(core, address_of(core, step), step->kind, now))
            core_touch(core, address_of(core, step), step->kind, now);
    }
    core->time = now;
}

/* Both counts at once everywhere: a host that wrote one word and reads two waits for the write. */
static inline void begin_group(struct core *core, const struct group *group, uint64_t address)
{
    core->bases[group->steps->base] = address - (uint64_t)group->steps->offset;
    core->counts.accesses[0] += group->moved[0];
    core->counts.accesses[1] += group->moved[1];
}

/* The leader's access, and those that follow from it. A line that was accessed last is hit once more: no change. */
static inline void access_group(struct core *core, const struct group *group, uint64_t address)
{
    const struct step *step = group->steps, *end = step + group->count;
    uint64_t now = core->time + STEP, line = address >> LINE_SHIFT;
    begin_group(core, group, address);
    if (!core_hits(core, address, step->kind, now))
        return access_rest(core, group, step, now);
    while (++step < end) {
        address = address_of(core, step);
        if (address >> LINE_SHIFT == line && (address + step->kind.extent) >> LINE_SHIFT == line)
            continue;
        now += STEP;
        if (!core_hits(core, address, step->kind, now))
            return access_rest(core, group, step, now);
        line = address >> LINE_SHIFT;
    }
    core->time = now;
}

/*
 * The leader's own access that QEMU tells next, after it told of one from `step` on; 0 where that was the last. Since
 * QEMU 8 one access may be what the steps, and older ones, have as neighbours of 8 bytes.
 */
static inline uint32_t next_awaited(const struct group *group, uint32_t step, struct kind told)
{
    int bytes = told.extent + 1;
    while (step < group->own && bytes > 0)
        bytes -= group->steps[step++].kind.extent + 1;
    return step < group->own ? step : 0;
}

/* Whether this is what QEMU still has to tell of an instruction with several accesses: the group has had it. */
static inline bool is_awaited(struct core *core, const struct group *group, uint64_t address, struct kind told)
{
    uint32_t awaited = core->awaited;
    bool had = awaited && awaited < group->own && address == address_of(core, &group->steps[awaited]);
    core->awaited = next_awaited(group, had ? awaited : 0, told);
    return had;
}

#endif
