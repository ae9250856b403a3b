"""Arguments with which a workload does all that it does, on little: for emulators and sanitizers.

One row a program, one tuple a way of running it; a program without a row is run with its defaults. The first
tuple is what every architecture is given.
"""

_SMALL: dict[str, list[tuple[str, ...]]] = {
    # alloc
    "aligned": [("--live=16",), ("--live=4", "--alignment-log2=21", "--call=aligned_alloc")],
    "alloc_test": [("--live=500",)],
    "cache_scratch": [(), ("--threads=3", "--objects=own", "--size=40")],
    "cache_thrash": [("--nodes=500", "--freed=at-random"), ("--nodes=3", "--size=32")],
    "calloc_large": [("--size-kib=256", "--touch=write"), ("--size-kib=1", "--touch=read")],
    "churn": [("--size=24", "--live=500"), ("--size=1", "--live=1"), ("--size=1048576", "--live=3")],
    "fragment": [("--live-mib=1", "--cycles=2"), ("--live-mib=1", "--cycles=0")],
    "glibc_simple": [("--count=100",), ("--size=4", "--count=1")],
    "glibc_thread": [("--live=200",), ("--threads=3", "--live=1")],
    "handover": [("--batch=512",), ("--batch=8192", "--size=4")],
    "huge_arena": [("--mib=2",), ("--mib=2", "--pages=huge", "--size=65536")],
    "larson": [("--live=200",), ("--threads=3", "--live=1", "--free=sized")],
    "malloc_large": [("--most-mib=1",), ("--most-mib=1", "--touch=pages")],
    "mleak": [("--blocks=1000",), ("--threads=3", "--blocks=100")],
    "mstress": [("--live=100",), ("--threads=3", "--live=1")],
    "purge": [("--mib=1",), ("--mib=1", "--size=65536", "--wait-ms=7")],
    "rbstress": [("--live=300",), ("--live=4",)],
    "realloc_growth": [("--growth=step",), ("--growth=half", "--most-kib=1024")],
    "rptest": [("--live=100", "--cross=100"), ("--threads=3", "--cross=0", "--live=10")],
    "sh6": [(), ("--order=fifo", "--held=1")],
    "sh8": [(), ("--threads=3", "--boxes=1")],
    "xmalloc": [(), ("--pairs=2", "--size=4096")],
    # tlb
    "chase_pages": [("--pages=100",), ("--pages=1",), ("--pages=700", "--huge=1")],
    "copy_on_write": [("--pages=8", "--percent=50")],
    "far_pages": [("--pages=16", "--apart=2m"), ("--pages=16", "--apart=4k")],
    "flush_pages": [("--how=munmap",), ("--how=mprotect", "--watchers=1")],
    "walk": [(f"--order={order}", "--kib=64") for order in ("random", "strided", "sequential")],
    # cache
    "chase_lines": [("--lines=1000",), ("--lines=2",), ("--lines=70000", "--huge=1")],
    "false_sharing": [("--distance=8",), ("--distance=128", "--threads=3")],
    "misaligned": [(f"--what={what}", f"--offset={at}") for what in ("load", "store") for at in (62, 0)],
    "store_forward": [(f"--how={how}",) for how in ("across-lines", "same", "narrower", "wider", "overlap")],
    # fault
    "advise": [("--pages=20", f"--advice={advice}") for advice in ("dontneed", "none", "free")],
    "first_touch": [
        ("--pages=20", f"--touch={touch}", f"--huge={huge}")
        for touch in ("read-then-write", "write", "read")
        for huge in (0, 1)
    ],
    "stack_growth": [("--pages=5",)],
}


def small(program: str) -> list[tuple[str, ...]]:
    """Return the ways of running a program on little."""
    return _SMALL.get(program, [()])
