"""Page faults: what memory costs that is mapped and not there yet."""

from pagewalk.suite import Workload


class FirstTouch(Workload):
    """Fresh pages touched once, small or huge: by writing, by reading, or by one after the other."""

    program = "first_touch"
    params = ([16, 512, 16384], ["write", "read", "read-then-write"], [0, 1])
    param_names = ["pages", "touch", "huge"]
    quick = ((512, "write", 0), (512, "write", 1), (512, "read-then-write", 0))
    exact_loops = 3


class Advise(Workload):
    """Pages that the kernel is advised about, and writes to them."""

    program = "advise"
    params = ([512], ["none", "dontneed", "free", "hugepage", "populate-read", "populate-write", "collapse"])
    param_names = ["pages", "advice"]
    quick = ((512, "dontneed"), (512, "free"))
    exact_loops = 3


class StackGrowth(Workload):
    """A stack that grows page by page."""

    program = "stack_growth"
    params = ([16, 256],)
    param_names = ["pages"]
    quick = ((256,),)
    exact_loops = 3
