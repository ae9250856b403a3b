"""Two revisions side by side: every metric of every case on every runner, with a verdict each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pagewalk.analysis.circumstances import unmeasured_noise, warnings
from pagewalk.analysis.exact import judge_exact
from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level
from pagewalk.analysis.limits import limits_of
from pagewalk.analysis.outcomes import judge_outcome
from pagewalk.analysis.questions import KnownPasts, Pairing, Question, Records, pairings, questions, sides
from pagewalk.analysis.sampled import Family, Measured, judge_sampled
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
        evidence: one sentence that says what the verdict rests on, or why there is none.
    """

    case: Case
    machine: str
    metric: str
    base: Values
    head: Values
    verdict: Verdict | None
    effect: Effect | None
    evidence: str


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
    measured = [q.measure(settings.alpha, size) if q.sampled else None for q in asked]
    q_values = _controlled([*mixtures, *(m.p if m else None for m in measured)])
    family = _family(q_values, settings)
    endings = zip(facing, q_values[: len(facing)], strict=True)
    answers = zip(asked, measured, q_values[len(facing) :], strict=True)
    return Comparison(
        base=base,
        head=head,
        machines=tuple(machines),
        outcomes=tuple(row for pairing, q in endings for row in _outcome_rows(pairing, q, family)),
        metrics=tuple(_metric_row(question, m, q, family, settings) for question, m, q in answers),
        warnings=tuple(_warnings(machines, base_records, head_records, asked, settings)),
        settings=settings,
    )


def _controlled(p_values: Sequence[float | None]) -> list[float | None]:
    """Return q-values where there are p-values."""
    controlled = iter(benjamini_hochberg([p for p in p_values if p is not None]))
    return [None if p is None else next(controlled) for p in p_values]


def _family(q_values: Sequence[float | None], settings: Settings) -> Family:
    tested = [q for q in q_values if q is not None]
    discoveries = sum(q <= settings.alpha for q in tested)
    return Family(settings.alpha, next_level(discoveries, len(tested), settings.alpha))


def _outcome_rows(pairing: Pairing, q: float | None, family: Family) -> Iterator[OutcomeRow]:
    if pairing.base is None or pairing.head is None:
        return
    refused = Judgement(None, pairing.refused)
    judged = refused if pairing.refused else judge_outcome(pairing.base, pairing.head, q, family)
    yield OutcomeRow(
        pairing.case,
        pairing.machine.name,
        pairing.base,
        pairing.head,
        judged.verdict,
        judged.evidence,
        judged.samples_needed,
    )


def _metric_row(
    question: Question, measured: Measured | None, q: float | None, family: Family, settings: Settings
) -> MetricRow:
    pairing, metric = question.pairing, question.base.metric
    judged = _judge(question, measured, q, family, settings)
    return MetricRow(
        pairing.case,
        pairing.machine.name,
        metric,
        question.base,
        question.head,
        judged.verdict,
        judged.effect,
        judged.evidence,
    )


def _judge(
    question: Question, measured: Measured | None, q: float | None, family: Family, settings: Settings
) -> Judgement:
    if question.why_not:
        return Judgement(None, question.why_not)
    exact = measured is None or q is None
    place = (question.pairing.machine.name, question.pairing.case, question.base.metric)
    limits = limits_of(*place, settings, exact=exact)
    if measured is None or q is None:
        return judge_exact(question.base.samples[0], question.head.samples[0], limits, 1 - family.alpha)
    return judge_sampled(measured, q, family, limits)


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
