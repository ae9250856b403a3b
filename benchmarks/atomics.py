"""Atomics: what becomes of 64 bits where nobody saw to their alignment."""

from pagewalk.suite import Workload


class StaticAtomic(Workload):
    """A 64-bit atomic in static storage, aligned to eight bytes, to a word, or to four."""

    program = "static_atomic"
    params = (["aligned", "words", "bytes"],)
    param_names = ["storage"]
    quick = (("aligned",), ("words",))
    exact_loops = 10
