"""Go's built-in map: growth, hits, misses and deletion."""

from pagewalk.suite import Workload


class Map(Workload):
    """One map operation over and over, with int keys drawn in random order."""

    program = "gomap"
    language = "go"
    params = (["assign-grow", "assign-hit", "lookup-hit", "delete-insert"], [64, 4096])
    param_names = ["operation", "elements"]
    exact_loops = 4
    threads = True
