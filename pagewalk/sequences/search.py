"""Looks for sequences that crash or regress, and shrinks what it finds."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pagewalk.analysis.fingerprints import cause, fingerprint, place_text
from pagewalk.analysis.shrinking import shrink
from pagewalk.model import Crash, Outcome, Run
from pagewalk.sequences.growth import Replay, Scales, weigh
from pagewalk.sequences.sequence import Sequence, ranges

TRIES = 3
"""A crash that does not come every time is looked for so often in each part."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where sequences are looked for.

    Args:
        head: replays at the revision that is suspected.
        base: replays at the one it is compared with; None to look for bad endings only.
        metric: what is weighed against base; empty where nothing is.
        growth: by what share it must be larger at head than at base.
        candidates: how many sequences may be looked at.
    """

    head: Replay
    base: Replay | None = None
    metric: str = "instructions"
    growth: float = 0.1
    candidates: int = 100

    @property
    def scales(self) -> Scales | None:
        """What growth is weighed with; None where only endings are looked at."""
        if self.base is None or not self.metric:
            return None
        return Scales(self.base, self.metric, self.growth, self.candidates)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sequence that does something, and what.

    Args:
        kind: the fingerprint of the bad ending; empty for a growth.
        ratio: of the metric, head to base, that its smallest part must have as well; 1 for a bad ending.
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
    arguments = _arguments(ground, options, everything)
    run = ground.head(arguments)
    kind = _kind(run)
    if kind:
        if ground.base and _kind(ground.base(arguments)) == kind:
            return None
        return Finding(options, everything, kind, 1.0, _ending(run))
    grown = weigh(ground.scales, ground.head, run, arguments) if ground.scales else None
    return Finding(options, everything, "", grown.low, grown.text) if grown else None


def shrunk(ground: Ground, finding: Finding, on_try: Callable[[int], None] = lambda _: None) -> Finding:
    """Return the finding with no step to spare.

    A part of a growth has to grow by no less than the whole did for sure.

    Args:
        on_try: hears before each replay how many steps it has.
    """
    texts = {finding.steps: finding.text}

    def fails(steps: tuple[int, ...]) -> bool:
        on_try(len(steps))
        arguments = _arguments(ground, finding.options, steps)
        if finding.kind:
            return any(_kind(ground.head(arguments)) == finding.kind for _ in range(TRIES))
        grown = (
            weigh(ground.scales, ground.head, ground.head(arguments), arguments) if ground.scales else None
        )
        if grown is None or grown.ratio < finding.ratio:
            return False
        texts[steps] = grown.text
        return True

    steps = shrink(finding.steps, fails)
    return replace(finding, steps=steps, text=texts.get(steps, finding.text))


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


def _arguments(
    ground: Ground, options: tuple[tuple[str, str], ...], steps: tuple[int, ...]
) -> tuple[str, ...]:
    # An ending takes one loop; a number needs as many as the workload finds that it takes
    loops = () if ground.scales else ("--loops=1",)
    return (*(f"--{name}={value}" for name, value in options), f"--keep={ranges(steps)}", *loops)


def _kind(run: Run) -> str:
    if run.outcome.good or run.outcome is Outcome.UNSUPPORTED:
        return ""
    return fingerprint(run.outcome, run.crash)


def _ending(run: Run) -> str:
    crash = run.crash or Crash()
    how = " ".join(filter(None, (cause(crash), place_text(crash))))
    said = [line for line in crash.last_output if line.startswith("sequence: ")]
    told = "; ".join(filter(None, (how, *(line.removeprefix("sequence: ") for line in said[:1]))))
    return f"{run.outcome} ({told})" if told else str(run.outcome)
