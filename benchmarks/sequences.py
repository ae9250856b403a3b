"""Sequences of calls: drawn at random, replayed exactly, kept where one found something."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pagewalk.sequences import read_sequences
from pagewalk.suite import Workload

_KNOWN = {one.name: one for one in read_sequences(Path(__file__).parents[1])}


def _names(program: str) -> list[Any]:
    return [name for name, one in _KNOWN.items() if one.program == program]


class _Replay(Workload):
    param_names: ClassVar[list[str]] = ["sequence"]

    def arguments(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the options of the sequence that is named."""
        return _KNOWN[values["sequence"]].arguments


class Allocations(_Replay):
    """malloc, calloc, realloc, posix_memalign and free in an order that no program has."""

    program = "alloc_sequence"
    params: ClassVar[tuple[list[Any], ...]] = (_names("alloc_sequence"),)
    exact_loops = 5
    quick = (("wander",),)


class Maps(_Replay):
    """Maps assigned to, read, emptied and made anew, with calls to C and collections between."""

    program = "gosequence"
    language = "go"
    params: ClassVar[tuple[list[Any], ...]] = (_names("gosequence"),)
    threads = True
    quick = (("maps",),)
