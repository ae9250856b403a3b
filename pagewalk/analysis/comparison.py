"""Two revisions side by side: every metric of every case on every runner, with a verdict each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.batches import Batch, batches
from pagewalk.analysis.circumstances import unmeasured_noise, warnings
from pagewalk.analysis.exact import judge_exact
from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level
from pagewalk.analysis.limits import Limits, limits_of
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.outcomes import judge_outcome
from pagewalk.analysis.questions import KnownPasts, Pairing, Question, Records, pairings, questions, sides
from pagewalk.analysis.ruling import Family, judge_sampled
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Effect, Judgement, Verdict
from pagewalk.model import Case, Machine, Record, Revision, Values

_DEFAULT = Settings()
_NOTHING: KnownPasts = {}


@dataclass(frozen=True, slots=True)
class MetricRow:
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


@dataclass(frozen=True, slots=True)
class OutcomeRow:
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
    base_records: Mapping[str, Mapping[Case, Record]],
    head_records: Mapping[str, Mapping[Case, Record]],
    settings: Settings = _DEFAULT,
    pasts: KnownPasts = _NOTHING,
) -> Comparison:
    """Judge every metric of every case on every machine by the rule of docs/verdict.md.

    False discoveries are controlled over all sampled rows and all mixed outcomes together.
    Exact counters are not tested, and so do not count towards it: with their p-values of 0
    they would buy weak evidence elsewhere a pass.

    Args:
        base_records, head_records: by machine name, then by case.
        settings: thresholds and the measured noise floors.
        pasts: what is known of commits before the base, for what has too few samples for a test.
    """
    facing = [
        pairing
        for machine in machines
        for pairing in pairings(
            machine,
            base_records.get(machine.name, {}),
            head_records.get(machine.name, {}),
            across=settings.across_machines,
        )
    ]
    asked = [question for pairing in facing for question in questions(pairing, base, head, pasts)]
    mixtures = [pairing.mixture_p for pairing in facing]
    size = sum(question.sampled for question in asked) + sum(p is not None for p in mixtures)
    measured = batches(asked, settings.alpha, size)
    q_values = _controlled([p for p in mixtures if p is not None], *(batch.measured.p for batch in measured))
    family = _family(q_values, settings)
    mixed = iter(q_values[0].tolist())
    endings = [
        (pairing, None if p is None else next(mixed)) for pairing, p in zip(facing, mixtures, strict=True)
    ]
    judged = dict(_judged(asked, zip(measured, q_values[1:], strict=True), family, settings))
    return Comparison(
        base=base,
        head=head,
        machines=tuple(machines),
        outcomes=tuple(row for pairing, q in endings if (row := _outcome_row(pairing, q, family))),
        metrics=tuple(_metric_row(question, judged[place]) for place, question in enumerate(asked)),
        warnings=tuple(_warnings(machines, base_records, head_records, asked, settings)),
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


def _outcome_row(pairing: Pairing, q: float | None, family: Family) -> OutcomeRow | None:
    """Return how a case ended; None where it was executed on one side only."""
    if pairing.base is None or pairing.head is None:
        return None
    if pairing.refused:
        judged = Judgement(None, pairing.refused)
    else:
        judged = judge_outcome(pairing.base, pairing.head, q, family)
    return OutcomeRow(
        pairing.case,
        pairing.machine.name,
        pairing.base,
        pairing.head,
        judged.verdict,
        judged.evidence,
        judged.samples_needed,
    )


def _metric_row(question: Question, judged: Judgement) -> MetricRow:
    machine, case, metric = question.place
    return MetricRow(
        case,
        machine,
        metric,
        question.base,
        question.head,
        judged.verdict,
        judged.effect,
        judged.grounds,
    )


def _judged(
    asked: Sequence[Question], tested: Iterable[tuple[Batch, Floats]], family: Family, settings: Settings
) -> Iterator[tuple[int, Judgement]]:
    """Yield the judgement of each question with its place."""
    for batch, q in tested:
        limits = [_limits(asked[place], settings) for place in batch.places]
        yield from zip(batch.places, judge_sampled(batch.measured, q, family, limits), strict=True)
    for place, question in enumerate(asked):
        if question.why_not:
            yield place, Judgement(None, question.why_not)
        elif not question.sampled:
            base, head = question.base.samples[0], question.head.samples[0]
            yield place, judge_exact(base, head, _limits(question, settings), 1 - family.alpha)


def _limits(question: Question, settings: Settings) -> Limits:
    return limits_of(*question.place, settings, exact=not question.sampled)


def _warnings(
    machines: Sequence[Machine],
    base: Mapping[str, Records],
    head: Mapping[str, Records],
    asked: Sequence[Question],
    settings: Settings,
) -> Iterator[str]:
    for machine in machines:
        records = base.get(machine.name, {}), head.get(machine.name, {})
        yield from warnings(machine, *records, sides(asked, machine))
    yield from unmeasured_noise({machine.name: sides(asked, machine) for machine in machines}, settings)
