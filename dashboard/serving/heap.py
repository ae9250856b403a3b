"""Keeps a server's memory flat: what a page needed for a moment goes back to the system."""

import ctypes
import gc

_ARENAS = -8
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
"""Names of mallopt(3)'s parameters in glibc's malloc.h."""
_LARGE = 128 << 10
"""Bytes from which on a block goes back by itself when it is freed; glibc raises this to 32 MiB otherwise."""
_SPARE = 4 << 20
"""Bytes that each heap keeps free at its end for the next one who asks. With glibc's 128 KiB they went back
and came again with every block of the work: six thousand pages and more a comparison."""
_SELDOM = 400_000
"""New values after which Python looks for circles among them; 700 where nobody says. A comparison of four
thousand rows keeps some 65,000, and to look through them takes as long as a tenth of making them."""


def settle() -> None:
    """Set up the memory of a process that serves, once all is imported.

    glibc gives each thread a heap of its own, and a hole in one serves no other: eight threads that draw
    pages in turn took eight times what one needs. A page is made of many values and hardly a circle, and
    looking for circles took a third of its time. Another C library than glibc is left as it is.
    """
    gc.freeze()
    gc.set_threshold(_SELDOM, 20, 50)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENAS, 2)
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _SPARE)
