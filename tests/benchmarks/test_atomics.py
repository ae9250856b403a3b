"""Atomics in static storage: they add up where the processor lets them."""

import platform
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import run

ANYWHERE = ("aligned", "words") if platform.machine() != "x86_64" else ("aligned", "words", "bytes")


@pytest.mark.parametrize("storage", ANYWHERE)
def test_every_addition_counts(native: Callable[[str], Path], storage: str) -> None:
    said = run(native("static_atomic"), f"--storage={storage}", "--loops=6")
    assert said.the("check") == {"sum": 6 * 4096}
