"""Caches: what reaching a line costs when it is not at hand."""

from pagewalk.suite import Workload


class ChaseLines(Workload):
    """A chain of dependent loads, one a cache line, in random order over a growing number of lines."""

    program = "chase_lines"
    params = ([512, 1024, 32768, 65536],)
    param_names = ["lines"]
    exact_loops = 10
