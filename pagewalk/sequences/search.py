"""Looks for sequences that crash or regress, and shrinks what it finds."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pagewalk.analysis.fingerprints import cause, fingerprint, place
from pagewalk.analysis.shrinking import shrink
from pagewalk.model import Crash, Outcome, Run
from pagewalk.sequences.sequence import Sequence, ranges

TRIES = 3
"""A crash that does not come every time is looked for so often in each part."""


Replay = Callable[[tuple[str, ...]], Run]
"""Executes a sequence once, given its arguments, at one revision on one runner."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where sequences are looked for.

    Args:
        head: replays at the revision that is suspected.
        base: replays at the one it is compared with; None to look for bad endings only.
        metric: the exact counter that is compared; empty where none repeats, as in Go.
        growth: by what share it must be larger at head than at base.
    """

    head: Replay
    base: Replay | None = None
    metric: str = "instructions"
    growth: float = 0.1


@dataclass(frozen=True, slots=True)
class Finding:
    """A sequence that does something, and what.

    Args:
        kind: the fingerprint of the bad ending; empty for a growth.
        ratio: of the counter, head to base; 1 for a bad ending.
        text: for a person to read.
    """

    options: tuple[tuple[str, str], ...]
    steps: tuple[int, ...]
    kind: str
    ratio: float
    text: str


def look_at(ground: Ground, options: tuple[tuple[str, str], ...], steps: int) -> Finding | None:
    """Replay a sequence of so many steps; return what it does that it should not.

    A sequence that ends alike at base is no news.
    """
    everything = tuple(range(steps))
    run = ground.head(_arguments(options, everything))
    kind = _kind(run)
    if kind:
        if ground.base and _kind(ground.base(_arguments(options, everything))) == kind:
            return None
        return Finding(options, everything, kind, 1.0, _ending(run))
    ratio = _ratio(ground, run, _arguments(options, everything))
    if ratio is None or ratio < 1 + ground.growth:
        return None
    return Finding(options, everything, "", ratio, f"{ratio:.3g} times the {ground.metric}")


def shrunk(ground: Ground, finding: Finding, on_try: Callable[[int], None] = lambda _: None) -> Finding:
    """Return the finding with no step to spare.

    Args:
        on_try: hears before each replay how many steps it has.
    """

    def fails(steps: tuple[int, ...]) -> bool:
        on_try(len(steps))
        arguments = _arguments(finding.options, steps)
        if finding.kind:
            return any(_kind(ground.head(arguments)) == finding.kind for _ in range(TRIES))
        run = ground.head(arguments)
        ratio = _ratio(ground, run, arguments)
        return ratio is not None and ratio >= finding.ratio

    steps = shrink(finding.steps, fails)
    return Finding(finding.options, steps, finding.kind, finding.ratio, finding.text)


def as_sequence(program: str, finding: Finding, found: str) -> Sequence:
    """Return a finding as an entry of the project's file, named by what it is."""
    options = (*finding.options, ("keep", ranges(finding.steps)))
    digest = hashlib.sha256(repr((program, options)).encode()).hexdigest()[:8]
    return Sequence(f"found-{digest}", program, options, found)


def numbered(
    first: int, count: int, options: tuple[tuple[str, str], ...]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield the options of `count` sequences, by their numbers."""
    for number in range(first, first + count):
        yield (("sequence", str(number)), *options)


def _arguments(options: tuple[tuple[str, str], ...], steps: tuple[int, ...]) -> tuple[str, ...]:
    return (*(f"--{name}={value}" for name, value in options), f"--keep={ranges(steps)}", "--loops=1")


def _kind(run: Run) -> str:
    if run.outcome in (Outcome.OK, Outcome.UNSUPPORTED):
        return ""
    return fingerprint(run.outcome, run.crash)


def _ending(run: Run) -> str:
    crash = run.crash or Crash()
    how = " in ".join(filter(None, (cause(crash), place(crash))))
    said = [line for line in crash.last_output if line.startswith("sequence: ")]
    told = "; ".join(filter(None, (how, *(line.removeprefix("sequence: ") for line in said[:1]))))
    return f"{run.outcome} ({told})" if told else str(run.outcome)


def _ratio(ground: Ground, run: Run, arguments: tuple[str, ...]) -> float | None:
    if ground.base is None or not ground.metric:
        return None
    counts = [_value(run, ground.metric), _value(ground.base(arguments), ground.metric)]
    return counts[0] / counts[1] if counts[0] is not None and counts[1] else None


def _value(run: Run, metric: str) -> float | None:
    return next((sample.value for sample in run.samples if sample.metric == metric), None)
