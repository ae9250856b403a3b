"""The Go runtime: large spans, and threads that come and go."""

from pagewalk.suite import Workload


class LargeSpans(Workload):
    """Spans of many MiB, allocated across the 64 MiB arenas of the heap and dropped again."""

    program = "gospans"
    language = "go"
    params = ([8, 96],)
    param_names = ["span_mib"]
    exact_loops = 1
    threads = True


class LockedThreads(Workload):
    """Locked threads that read a few random bytes and exit while locked (golang/go#73141)."""

    program = "golocked"
    language = "go"
    params = ([8, 64],)
    param_names = ["threads"]
    exact_loops = 1
    threads = True
