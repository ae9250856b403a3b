"""Searches as `pagewalk bisect` keeps them, made with its own means."""

import random
from collections.abc import Callable
from pathlib import Path

from pagewalk.bisecting.asked import Asked
from pagewalk.bisecting.finding import finding_of
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.search import bisect, question_of
from pagewalk.bisecting.state import State, load
from pagewalk.reports.bisection_report import headline

ATTACK = "<img src=x onerror=window.pwned=1>"
LAST, STEP, HOLE = 40, 26, 20
COMMITS = tuple((f"{n:040x}", f"change {n} {ATTACK if n == STEP else ''}".strip()) for n in range(LAST + 1))

Measured = Callable[[int], Execution | None]


class Simulated:
    """Executes nothing: says what it is told to say at a commit."""

    def __init__(self, at: Measured) -> None:
        self.at = at

    def measure(self, commit: str) -> Execution | None:
        return self.at(int(commit, 16))


def slower() -> Measured:
    """Return a step of 5 % with noise of 1 %, and a commit that does not build."""
    noise = random.Random(1)

    def at(place: int) -> Execution | None:
        if place == HOLE:
            return None
        level = 1.05 if place >= STEP else 1.0
        return Execution({"time": 1e-6 * noise.gauss(1, 0.01) * level}, words="ok")

    return at


def crashing(place: int) -> Execution | None:
    """Crashes from a commit on."""
    if place == HOLE:
        return None
    return Execution(crashed=place >= STEP, words="SIGSEGV" if place >= STEP else "ok")


def exact(place: int) -> Execution | None:
    """A count that repeats itself."""
    count = 1100.0 if place >= STEP else 1000.0
    return Execution({"instructions": count}, frozenset({"instructions"}), words="ok")


def asked(metric: str, unit: str, budget: int = 300) -> Asked:
    """What was asked in all of these."""
    return Asked(COMMITS, f"alloc.Churn({ATTACK})", "qemu-riscv64", "slab", metric, unit, budget=budget)


def searched(path: Path, at: Measured, metric: str, unit: str, budget: int = 300) -> State:
    """Search until there is an answer, and keep all of it at `path`."""
    state = load(path, ("slab", COMMITS[0][0], COMMITS[-1][0], "qemu-riscv64", "alloc.Churn", "1"))
    told = asked(metric, unit, budget)
    question = question_of(told)
    with state.attempted(told):
        answer = bisect(question, Simulated(at), state, lambda _step: None)
        state.conclude(headline(finding_of(question, state, answer, COMMITS[answer.up_to][1])))
    return state


def build(folder: Path) -> Path:
    """Write one search of each kind into a folder, and return it."""
    searched(folder / "aaaa.json", slower(), "time", "seconds")
    searched(folder / "bbbb.json", crashing, "value", "")
    searched(folder / "cccc.json", exact, "instructions", "instructions/op")
    return folder
