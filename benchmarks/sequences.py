"""Sequences of calls: drawn at random, replayed exactly, kept where one found something."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pagewalk.sequences import read_sequences
from pagewalk.suite import Workload

_KNOWN = {one.name: one for one in read_sequences(Path(__file__).parents[1])}


class Allocations(Workload):
    """malloc, calloc, realloc, posix_memalign and free in an order that no program has."""

    program = "alloc_sequence"
    params: ClassVar[tuple[list[Any], ...]] = (
        [name for name, one in _KNOWN.items() if one.program == "alloc_sequence"],
    )
    param_names: ClassVar[list[str]] = ["sequence"]
    exact_loops = 5

    def arguments(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the options of the sequence that is named."""
        return _KNOWN[values["sequence"]].arguments
