"""Allocators: what malloc and free cost, in time and in memory behaviour."""

from pagewalk.suite import Workload


class Churn(Workload):
    """Small blocks freed and allocated again in random order, a thousand of them alive."""

    program = "churn"
    params = ([16, 128, 1024],)
    param_names = ["size"]
    exact_loops = 20


class GlibcSimple(Workload):
    """Batches of one size taken and freed: does a batch fit into the thread's cache?"""

    program = "glibc_simple"
    params = ([16, 1024], [25, 1600])
    param_names = ["size", "count"]
    quick = ((16, 1600),)
    exact_loops = 10


class AllocTest(Workload):
    """Pareto sizes up to 1 KiB, replaced at random: what do size classes cost and waste?"""

    program = "alloc_test"
    params = ([1000, 100_000],)
    param_names = ["live"]
    quick = ((100_000,),)
    exact_loops = 10


class Sh6(Workload):
    """Small batches of many sizes, freed from either end: does the order of free lists matter?"""

    program = "sh6"
    params = (["lifo", "fifo"],)
    param_names = ["order"]
    exact_loops = 10


class CacheThrash(Workload):
    """A list walked that was built in an orderly heap or not: how near to each other are neighbours?"""

    program = "cache_thrash"
    params = ([1000, 50_000], ["in-order", "at-random"])
    param_names = ["nodes", "freed"]
    quick = ((1000, "at-random"),)
    exact_loops = 4


class RbStress(Workload):
    """A tree of small nodes, as wide as Ruby's slots, under churn."""

    program = "rbstress"
    params = ([1000, 50_000],)
    param_names = ["live"]
    quick = ((50_000,),)
    exact_loops = 4


class MallocLarge(Workload):
    """Blocks of MiB: mapped and unmapped each time, or kept?"""

    program = "malloc_large"
    params = ([2, 16], ["ends", "pages"])
    param_names = ["most_mib", "touch"]
    quick = ((2, "pages"),)
    exact_loops = 4


class CallocLarge(Workload):
    """Large blocks of zeros, only read or written too: who writes the zeros, and how often?"""

    program = "calloc_large"
    params = ([64, 2048], ["read", "write"])
    param_names = ["size_kib", "touch"]
    quick = ((2048, "read"),)
    exact_loops = 2


class ReallocGrowth(Workload):
    """Vectors grown by realloc: in place, by copy, or by remapping?"""

    program = "realloc_growth"
    params = (["double", "half", "step"], [64, 4096])
    param_names = ["growth", "most_kib"]
    quick = (("half", 64),)
    exact_loops = 1


class Aligned(Workload):
    """Blocks aligned to a line, a page and a huge page."""

    program = "aligned"
    params = ([6, 12, 21], ["posix_memalign", "aligned_alloc"])
    param_names = ["alignment_log2", "call"]
    quick = ((12, "posix_memalign"),)
    exact_loops = 10


class HugeArena(Workload):
    """An arena carved up in small pages or in huge ones: what are huge pages worth here?"""

    program = "huge_arena"
    params = (["small", "huge"], [64, 4096])
    param_names = ["pages", "size"]
    quick = (("small", 4096), ("huge", 4096))


class Purge(Workload):
    """A burst, freed: what does the next one cost, and how much memory has gone back after a while?"""

    program = "purge"
    params = ([256, 65_536], [0, 1000, 3000])
    param_names = ["size", "wait_ms"]


class Fragment(Workload):
    """A heap whose sizes change over time: how much of it is holes?"""

    program = "fragment"
    params = ([1, 4],)
    param_names = ["cycles"]
    exact_loops = 2


class GlibcThread(Workload):
    """Threads with blocks of their own: does the second one come for free?"""

    program = "glibc_thread"
    params = ([1, 2],)
    param_names = ["threads"]
    quick = ((2,),)
    threads = True


class Larson(Workload):
    """Server threads that free what threads before them allocated, with and without the size."""

    program = "larson"
    params = ([1, 2], ["plain", "sized"])
    param_names = ["threads", "free"]
    quick = ((2, "plain"),)
    threads = True


class XMalloc(Workload):
    """Producers that only allocate, consumers that only free."""

    program = "xmalloc"
    params = ([64, 4096],)
    param_names = ["size"]
    threads = True


class Sh8(Workload):
    """Small batches freed by whichever thread finds them."""

    program = "sh8"
    params = ([1, 2],)
    param_names = ["threads"]
    quick = ((2,),)
    threads = True


class RpTest(Workload):
    """Random sizes; none, some or all blocks freed by another thread: what does a remote free cost?"""

    program = "rptest"
    params = ([0, 25, 100],)
    param_names = ["cross"]
    quick = ((25,),)
    threads = True


class MStress(Workload):
    """Powers of two that migrate between threads which come and go."""

    program = "mstress"
    params = ([1, 2],)
    param_names = ["threads"]
    quick = ((2,),)
    threads = True


class CacheScratch(Workload):
    """Objects of two threads, written to: does the allocator put them on one cache line?"""

    program = "cache_scratch"
    params = ([1, 2], ["given", "own"])
    param_names = ["threads", "objects"]
    quick = ((2, "given"),)
    threads = True


class Handover(Workload):
    """Two threads that live on each other's blocks: do thread caches keep them or send them home?"""

    program = "handover"
    params = ([1024, 8192],)
    param_names = ["batch"]
    threads = True


class MLeak(Workload):
    """Threads that come and go: can the next one have what the last one held?"""

    program = "mleak"
    params = ([1, 2],)
    param_names = ["threads"]
    threads = True
