"""Translation: what reaching a page costs when its translation is not at hand, and what its loss does."""

from pagewalk.suite import Workload


class ChasePages(Workload):
    """A chain of dependent loads, one a page, in random order over a growing number of pages."""

    program = "chase_pages"
    params = ([1, 16, 64, 80, 1024, 1536, 1664, 16384, 262144], [0, 1])
    param_names = ["pages", "huge"]
    quick = ((80, 0), (1664, 0), (1664, 1))
    exact_loops = 10


class FarPages(Workload):
    """The same chain over pages so far apart that each has page tables of its own."""

    program = "far_pages"
    params = ([64, 512], ["4k", "2m"])
    param_names = ["pages", "apart"]
    quick = ((64, "2m"),)
    exact_loops = 10


class FartherPages(FarPages):
    """More of them than a TLB holds, so that each step walks the page tables."""

    params = ([4096], ["4k", "2m"])
    quick = ((4096, "2m"),)
    unsupported = {
        "armv7": "4 GiB of addresses have no room for 4096 pages two mebibytes apart, to compare others with"
    }


class FarthestPages(FarPages):
    """The same, a level of the page table further up."""

    params = ([4096], ["1g"])
    quick = ((4096, "1g"),)
    unsupported = {
        "armv7": "4 GiB of addresses have no room for 4096 pages a gibibyte apart",
        "riscv64": "the 256 GiB of addresses that Sv39 gives have no room for 4096 pages a gibibyte apart",
    }


class Walk(Workload):
    """Independent loads over a working set, word by word or at random."""

    program = "walk"
    params = ([4, 256, 65536, 1048576], ["sequential", "random"], [0, 1])
    param_names = ["kib", "order", "huge"]
    quick = ((65536, "sequential", 0), (65536, "random", 0))
    exact_loops = 10


class Strides(Workload):
    """Independent loads, a fixed number of bytes from one to the next."""

    program = "walk"
    params = (["strided"], [256, 65536], [256, 1024, 4096, 65536])
    param_names = ["order", "kib", "stride"]
    quick = (("strided", 65536, 1024),)
    exact_loops = 10


class FlushPages(Workload):
    """Pages unmapped or protected, and reached again."""

    program = "flush_pages"
    params = ([1, 16, 256], ["munmap", "mprotect"])
    param_names = ["pages", "how"]
    quick = ((16, "munmap"), (16, "mprotect"))
    exact_loops = 20


class Shootdowns(Workload):
    """The same, while another processor is in the same address space and must be told."""

    program = "flush_pages"
    params = ([1, 256], ["munmap", "mprotect"], [1])
    param_names = ["pages", "how", "watchers"]
    quick = ((256, "mprotect", 1),)
    exact_loops = 20
    threads = True


class CopyOnWrite(Workload):
    """Pages written while a forked child shares them."""

    program = "copy_on_write"
    params = ([16, 256, 4096], [10, 100])
    param_names = ["pages", "percent"]
    quick = ((256, 100),)
    exact_loops = 3
