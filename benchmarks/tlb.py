"""Translation: what reaching a page costs when its translation is not at hand."""

from pagewalk.suite import Workload


class ChasePages(Workload):
    """A chain of dependent loads, one a page, in random order over a growing number of pages."""

    program = "chase_pages"
    params = ([64, 80, 1536, 1664], [0, 1])
    param_names = ["pages", "huge"]
    exact_loops = 10
