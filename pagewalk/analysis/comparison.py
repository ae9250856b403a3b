"""Two revisions side by side: every metric of every case on every runner, with a verdict each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np

from pagewalk.analysis.batches import Batch, batches
from pagewalk.analysis.circumstances import warnings
from pagewalk.analysis.exact import judge_exact
from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level
from pagewalk.analysis.limits import NEVER_MEASURED, Limits, limits_of
from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.outcomes import judge_outcomes, mixtures_of
from pagewalk.analysis.past import Known
from pagewalk.analysis.questions import Asked, Question, Records, ask
from pagewalk.analysis.ruling import Family, judge_sampled
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Effect, Judgement, Verdict
from pagewalk.model import Case, Machine, Record, Revision, Values
from pagewalk.named import named

_DEFAULT = Settings()
_NOT_COMPARED = Judgement(None, "")


class MetricRow(NamedTuple):
    """One metric of one case on one runner.

    Args:
        verdict: None where there is nothing to compare; that is not `same`.
        effect: None where there is nothing to compare.
        grounds: what the verdict rests on, or why there is none; see `Judgement`.
    """

    case: Case
    machine: str
    metric: str
    base: Values
    head: Values
    verdict: Verdict | None
    effect: Effect | None
    grounds: object

    @property
    def evidence(self) -> str:
        """What the verdict rests on, or why there is none, in one sentence."""
        return str(self.grounds)


class OutcomeRow(NamedTuple):
    """How one case ended on one runner, before and after. Stands above all numbers.

    Args:
        verdict: None where the case is not supported, or was never executed, on a side.
        samples_needed: how many more executions a side would settle an `unsure`.
    """

    case: Case
    machine: str
    base: Record
    head: Record
    verdict: Verdict | None
    evidence: str
    samples_needed: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of a comparison, as plain values that any report or figure can render."""

    base: Revision
    head: Revision
    machines: tuple[Machine, ...]
    outcomes: tuple[OutcomeRow, ...]
    metrics: tuple[MetricRow, ...]
    warnings: tuple[str, ...] = ()
    settings: Settings = _DEFAULT


def compare(  # noqa: PLR0913, PLR0917 (two revisions, what was measured of each, and the rule)
    base: Revision,
    head: Revision,
    machines: Sequence[Machine],
    base_records: Mapping[str, Records],
    head_records: Mapping[str, Records],
    settings: Settings = _DEFAULT,
) -> Comparison:
    """Judge every metric of every case on every machine by the rule of docs/verdict.md.

    Args:
        base_records, head_records: by machine name, then by case.
        settings: thresholds and the measured noise floors.
    """
    return judge(
        ask(base, head, machines, base_records, head_records, across=settings.across_machines), settings
    )


def judge(asked: Asked, settings: Settings, known: Sequence[Known] = ()) -> Comparison:
    """Judge all that is asked of two revisions by the rule of docs/verdict.md.

    False discoveries are controlled over all sampled rows and all mixed outcomes together.
    Exact counters are not tested, and so do not count towards it: with their p-values of 0
    they would buy weak evidence elsewhere a pass.

    Args:
        known: what commits before the base say of some questions.
    """
    facing, questions = asked.facing, asked.questions
    mixtures = [
        None if pairing.refused else p
        for pairing, p in zip(facing, mixtures_of((one.base, one.head) for one in facing), strict=True)
    ]
    size = sum(question.sampled for question in questions) + sum(p is not None for p in mixtures)
    measured = batches(questions, known, settings.alpha, size)
    q_values = _controlled([p for p in mixtures if p is not None], *(batch.measured.p for batch in measured))
    family = _family(q_values, settings)
    mixed = iter(q_values[0].tolist())
    endings = [None if p is None else next(mixed) for p in mixtures]
    limits = _limits(questions, known, settings)
    judged = _judged(questions, limits, zip(measured, q_values[1:], strict=True), family)
    return Comparison(
        base=asked.base,
        head=asked.head,
        machines=asked.machines,
        outcomes=_outcome_rows(asked, endings, family),
        metrics=_metric_rows(questions, judged),
        warnings=tuple(warnings(asked, known, settings)),
        settings=settings,
    )


def _controlled(*p_values: Sequence[float] | Floats) -> list[Floats]:
    """Return q-values of several lists of p-values, controlled together."""
    ends = np.cumsum([len(some) for some in p_values])
    return np.split(np.array(benjamini_hochberg(np.concatenate(p_values))), ends[:-1])


def _family(q_values: Sequence[Floats], settings: Settings) -> Family:
    tested = np.concatenate(q_values)
    discoveries = int((tested <= settings.alpha).sum())
    return Family(settings.alpha, next_level(discoveries, tested.size, settings.alpha))


def _outcome_rows(asked: Asked, q: Sequence[float | None], family: Family) -> tuple[OutcomeRow, ...]:
    """Return how each case ended that was executed on both sides."""
    both = [
        (pairing, (pairing.base, pairing.head), own)
        for pairing, own in zip(asked.facing, q, strict=True)
        if pairing.base is not None and pairing.head is not None
    ]
    if not both:
        return ()
    facing, pairs, q_values = zip(*both, strict=True)
    judged = [
        Judgement(None, pairing.refused) if pairing.refused else one
        for pairing, one in zip(facing, judge_outcomes(pairs, q_values, family), strict=True)
    ]
    machines, cases, base, head, _ = zip(*facing, strict=True)
    verdicts, grounds, _, needed = zip(*judged, strict=True)
    names, evidence = [machine.name for machine in machines], list(map(str, grounds))
    return tuple(named(OutcomeRow, cases, names, base, head, verdicts, evidence, needed))


def _metric_rows(questions: Sequence[Question], judged: Sequence[Judgement]) -> tuple[MetricRow, ...]:
    """Return a row a question: there are thousands, so they are put together by columns."""
    if not questions:
        return ()
    _, places, base, head, _, _ = zip(*questions, strict=True)
    machines, cases, metrics = zip(*places, strict=True)
    verdicts, grounds, effects, _ = zip(*judged, strict=True)
    return tuple(named(MetricRow, cases, machines, metrics, base, head, verdicts, effects, grounds))


def _judged(
    asked: Sequence[Question],
    limits: Sequence[Limits],
    tested: Iterable[tuple[Batch, Floats]],
    family: Family,
) -> list[Judgement]:
    """Return the judgement of each question."""
    judged = [_NOT_COMPARED] * len(asked)
    for batch, q in tested:
        own = [limits[place] for place in batch.places]
        for place, one in zip(batch.places, judge_sampled(batch.measured, q, family, own), strict=True):
            judged[place] = one
    for place, question in enumerate(asked):
        if question.why_not:
            judged[place] = Judgement(None, question.why_not)
        elif not question.sampled:
            base, head = question.base.samples[0], question.head.samples[0]
            judged[place] = judge_exact(base, head, limits[place], 1 - family.alpha)
    return judged


def _limits(questions: Sequence[Question], known: Iterable[Known], settings: Settings) -> list[Limits]:
    pasts = [NEVER_MEASURED] * len(questions)
    for one in known:
        floors = named(NoiseFloor, one.floors.tolist(), repeat(one.source))
        for place, floor in zip(one.places, floors, strict=True):
            pasts[place] = floor
    places = [question.place for question in questions]
    return limits_of(places, settings, pasts, exact=[not question.sampled for question in questions])
