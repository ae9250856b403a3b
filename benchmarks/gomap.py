"""Go's maps: growth, hits, misses and deletion, by one goroutine and by several."""

from pagewalk.suite import Workload

OPERATIONS = ["assign-grow", "assign-hit", "lookup-hit", "lookup-miss", "delete-insert", "iterate"]


class Map(Workload):
    """One operation of the built-in map over and over, with int keys drawn in random order."""

    program = "gomap"
    language = "go"
    params = (OPERATIONS, [64, 4096, 131072])
    param_names = ["operation", "elements"]
    exact_loops = 4
    threads = True
    quick = (
        ("assign-grow", 4096),
        ("assign-hit", 64),
        ("lookup-hit", 64),
        ("lookup-miss", 4096),
        ("delete-insert", 4096),
        ("iterate", 4096),
    )


class Strings(Workload):
    """The same with keys of a dozen bytes, which are compared and hashed as a whole."""

    program = "gomap"
    language = "go"
    params = (["string"], OPERATIONS, [64, 4096])
    param_names = ["keys", "operation", "elements"]
    exact_loops = 4
    threads = True
    quick = (("string", "lookup-hit", 4096),)


class Large(Workload):
    """A map of 2 million elements, far larger than caches and TLBs, in 4 KiB pages and in 2 MiB ones."""

    program = "gomap"
    language = "go"
    params = (["lookup-hit"], [2_000_000], ["small", "huge"])
    param_names = ["operation", "elements", "pages"]
    exact_loops = 4
    threads = True
    quick = ()


class Growth(Workload):
    """Growing maps, and what the collector takes of it where it has a processor to itself or none."""

    program = "gomap"
    language = "go"
    params = (["assign-grow"], [131072], [1, 2])
    param_names = ["operation", "elements", "processors"]
    exact_loops = 1
    threads = True
    quick = ()


class Shared(Workload):
    """A sync.Map and a map under a mutex, used by two goroutines on one processor and on two."""

    program = "gomap"
    language = "go"
    params = (["sync", "locked"], ["assign-grow", "assign-hit", "lookup-hit", "delete-insert"], [1, 2])
    param_names = ["kind", "operation", "processors"]
    exact_loops = 2
    threads = True
    quick = (("sync", "lookup-hit", 2), ("locked", "assign-hit", 2))


class ConcurrentWrites(Workload):
    """Two goroutines that write to a map under no lock. It has to fail: Go tells, and ends it with status 2.

    A runtime that no longer tells is `broken`.
    """

    program = "gomap"
    language = "go"
    params = (["racing"], ["assign-hit"], [2])
    param_names = ["kind", "operation", "processors"]
    exact_loops = 200
    threads = True
    ending = "exit status 2"
    version = "2"  # it was told as a failure before
