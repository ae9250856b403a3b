"""The Go runtime: spans large and small, its collector, goroutines, threads that end, C and plugins."""

from pagewalk.suite import Workload


class LargeSpans(Workload):
    """Spans of many MiB, allocated across the 64 MiB arenas of the heap and dropped again."""

    program = "gospans"
    language = "go"
    params = ([8, 96],)
    param_names = ["span_mib"]
    exact_loops = 1
    threads = True


class SmallObjects(Workload):
    """Objects of one size class after the other, in spans that they share, 4 MiB of them alive."""

    program = "gosmall"
    language = "go"
    params = ([8, 16, 64, 256, 1024, 8192, 32768],)
    param_names = ["size"]
    exact_loops = 4
    threads = True
    quick = ((64,), (8192,))


class Collector(Workload):
    """Lists replaced under a collector that has to mark a large heap, on one processor and on two."""

    program = "gocollect"
    language = "go"
    params = ([8, 64], [1, 2])
    param_names = ["live_mib", "processors"]
    exact_loops = 64  # two collections of the smaller heap
    threads = True
    quick = ((8, 2),)


class Goroutines(Workload):
    """Goroutines that start and end at once, with a stack that suffices and with one that has to grow."""

    program = "gospawn"
    language = "go"
    params = ([0, 16384], [1, 2])
    param_names = ["stack_bytes", "processors"]
    exact_loops = 2
    threads = True
    quick = ((0, 2),)


class Channel(Workload):
    """Values handed from one goroutine to another, one at a time and through a buffer."""

    program = "gochannel"
    language = "go"
    params = ([0, 128], [1, 2])
    param_names = ["capacity", "processors"]
    exact_loops = 2
    threads = True
    quick = ((0, 2),)


class LockedThreads(Workload):
    """Locked threads that read a few random bytes and exit while locked (golang/go#73141)."""

    program = "golocked"
    language = "go"
    params = ([8, 64],)
    param_names = ["threads"]
    exact_loops = 1
    threads = True
    quick = ((64,),)


class RandomBytes(Workload):
    """A few random bytes at a time: a system call, or the vDSO where Go and the kernel have it."""

    program = "gorand"
    language = "go"
    params = ([4, 256],)
    param_names = ["bytes"]
    exact_loops = 2
    threads = True


class CallThenAssign(Workload):
    """A call to C, then an assignment to a map: nothing was ever wrong there, nothing may seem so."""

    program = "gocgo"
    language = "go"
    params = ([4096],)
    param_names = ["elements"]
    exact_loops = 64  # a collection
    threads = True


class Plugin(Workload):
    """A plugin that is loaded and called, its globals near and far (golang/go#73283 on riscv64)."""

    program = "goplugin"
    language = "go"
    params = ([0, 16],)
    param_names = ["spans"]
    exact_loops = 2
    threads = True
    unsupported = {
        "arm64": "Go links plugins for arm64 with GNU gold alone (golang/go#15696), and zig has no gold"
    }
    quick = ((16,),)
