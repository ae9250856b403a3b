"""Caches: what reaching a line costs when it is not at hand, is shared, or is two lines."""

from pagewalk.suite import Workload

_MUST_BE_ALIGNED = "an atomic across two lines dies of SIGBUS here: there is nothing to compare"


class ChaseLines(Workload):
    """A chain of dependent loads, one a cache line, in random order over a growing number of lines."""

    program = "chase_lines"
    params = ([64, 512, 1024, 32768, 65536, 524288],)
    param_names = ["lines"]
    quick = ((512,), (1024,), (65536,))
    exact_loops = 10


class ChaseMemory(Workload):
    """The same over so many lines that no cache of today holds them: 256 MiB."""

    program = "chase_lines"
    params = ([4194304],)
    param_names = ["lines"]
    quick = ()
    exact_loops = 1


class FalseSharing(Workload):
    """Two threads that write words of their own, in one line or in two."""

    program = "false_sharing"
    params = ([8, 64, 128],)
    param_names = ["distance"]
    quick = ((8,), (128,))
    exact_loops = 10
    threads = True


class StoreForward(Workload):
    """Loads of what was stored just before, whole, in part, or from two lines."""

    program = "store_forward"
    params = (["same", "narrower", "wider", "overlap", "across-lines"],)
    param_names = ["how"]
    quick = (("same",), ("wider",))
    exact_loops = 10


class Misaligned(Workload):
    """Loads and stores within a line and across two, where lines are at hand and where they are not."""

    program = "misaligned"
    params = ([0, 62], ["load", "store"], [16, 16384])
    param_names = ["offset", "what", "kib"]
    quick = ((62, "load", 16),)
    exact_loops = 10


class PageStraddling(Workload):
    """Loads within a page and across two, further apart than the TLBs reach."""

    program = "misaligned"
    params = ([0, 4094], [8192], [65536])
    param_names = ["offset", "stride", "kib"]
    exact_loops = 10


class SplitAtomic(Workload):
    """An atomic addition within a line, or across two."""

    program = "split_atomic"
    params = ([0, 60],)
    param_names = ["offset"]
    quick = ((0,), (60,))
    exact_loops = 10
    unsupported = {"arm64": _MUST_BE_ALIGNED, "riscv64": _MUST_BE_ALIGNED, "armv7": _MUST_BE_ALIGNED}
