"""The words and marks all reports share, so that a page, a terminal and an issue read alike."""

from collections.abc import Iterable, Mapping
from statistics import median

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.samples_needed import HOPELESS
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.summary import summary, total
from pagewalk.analysis.verdict import Effect, Verdict
from pagewalk.model import Machine, Outcome, Revision, Values
from pagewalk.units import change, extent, limit_text, pair, quantity, title_of_metric, unit_of_metric

NOTHING = "–"
MARKS: Mapping[Verdict, str] = {
    Verdict.BROKEN: "✗",
    Verdict.REGRESSED: "▲",
    Verdict.UNSURE: "?",
    Verdict.SAME: "~",
    Verdict.IMPROVED: "▼",
    Verdict.FIXED: "✓",
}
"""One character each, told apart without colour: ▲ is more, and less is better everywhere."""

_OK = {Outcome.OK}
_ORDER = (
    Verdict.BROKEN,
    Verdict.FIXED,
    Verdict.REGRESSED,
    Verdict.IMPROVED,
    Verdict.UNSURE,
    Verdict.SAME,
    None,
)


def printable(text: str) -> str:
    """Return one line of `text` without control characters: reasons and names come from boards."""
    if text.isprintable():  # nearly all are, and a page has tens of thousands
        return text
    return "".join(
        c if c.isprintable() else " " if c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def count_of(number: int, singular: str) -> str:
    """Say "1 machine", "4 machines"."""
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"


def headline(comparison: Comparison) -> list[tuple[Verdict | None, str]]:
    """Return the counts that matter, in reading order: [(BROKEN, "1 broken"), …]."""
    counts = total(summary(comparison))
    return [(v, f"{counts[v]} {v or 'not compared'}") for v in _ORDER if v in counts]


def headline_text(comparison: Comparison) -> str:
    """Return the whole comparison in one line."""
    parts = " · ".join(text for _, text in headline(comparison)) or "nothing to compare"
    return f"{parts}, over {count_of(len(comparison.machines), 'machine')}"


def revision_text(revision: Revision) -> str:
    """Return a revision as a person and as git call it."""
    name, commit = printable(revision.name), printable(revision.commit)[:12]
    return f"{name} ({commit})" if name and name != commit else commit


def machine_text(machine: Machine) -> str:
    """Return a machine's name with what it is."""
    kind = f"{machine.architecture}, emulated" if machine.emulated else machine.architecture
    return printable(f"{machine.name} ({kind})")


def mark(verdict: Verdict | None, needed: int = 0) -> str:
    """Return the mark of a verdict; an unsure one says how many more samples a side it needs."""
    if verdict is None:
        return NOTHING
    if verdict is Verdict.UNSURE and needed:
        return f"?{HOPELESS}+" if needed >= HOPELESS else f"?{needed}"
    return MARKS[verdict]


def row_mark(row: MetricRow) -> str:
    """Return the mark of a row of numbers."""
    return mark(row.verdict, row.effect.samples_needed if row.effect else 0)


def row_values(row: MetricRow) -> str:
    """Return "85.0 → 50.2 ns": the medians; one side alone where the other is missing."""
    base, head = middle(row.base), middle(row.head)
    unit = unit_of_metric(row.metric)
    if base is not None and head is not None:
        return pair(base, head, unit)
    if base is not None:
        return f"{quantity(base, unit)} → {NOTHING}"
    return f"{NOTHING} → {quantity(head, unit)}" if head is not None else NOTHING


def middle(values: Values) -> float | None:
    """Return the median of the samples; None where there are none."""
    return median(values.samples) if values.samples else None


def row_change(row: MetricRow) -> str:
    """Return "−41.0 % ±1.1 %"; exact counts have no "±", and what is not compared says nothing."""
    if row.effect is None:
        return ""
    # Far apart as a ratio, and yet the same: too few events to matter, most often none before.
    small = (
        row.verdict is Verdict.SAME
        and not 1 / (1 + row.effect.threshold) <= row.effect.ratio <= 1 + row.effect.threshold
    )
    return "negligible" if small else effect_text(row.effect)


def rule_text(settings: Settings) -> str:
    """Return the rule in one sentence, with the numbers it was applied with."""
    threshold, exact = (limit_text(limit) for limit in (settings.threshold, settings.exact_tolerance))
    return (
        "Values are medians, a change is the Hodges–Lehmann estimate over all pairs of samples. "
        f"It counts if it is significant (false discovery rate {limit_text(settings.alpha)}) and "
        f"larger than {threshold} and the A/A noise floor; an exact count, if it is larger than {exact}."
    )


def effect_text(effect: Effect) -> str:
    """Return the size of an effect and how well it is known."""
    size = change(effect.ratio)
    return size if effect.exact else f"{size} {extent(effect.ratio, effect.low, effect.high)}"


def family_of(row: MetricRow | OutcomeRow) -> str:
    """Return the suite a row belongs to: `alloc` of `alloc.Churn`."""
    return row.case.benchmark.partition(".")[0]


def worth_telling(comparison: Comparison) -> list[OutcomeRow]:
    """Return the endings a reader must see, the most severe first.

    These are all but ok on both sides, and of a case that has such a one how it ended everywhere else:
    that a crash shows on one machine only is half of what it says.
    """
    order = {verdict: place for place, verdict in enumerate(_ORDER)}
    remarkable = {row.case for row in comparison.outcomes if _is_remarkable(row)}
    told = [row for row in comparison.outcomes if row.case in remarkable] if remarkable else []
    return sorted(told, key=lambda row: order[row.verdict])


def is_worth_telling(comparison: Comparison) -> bool:
    """Return whether there are endings that a reader must see."""
    return any(map(_is_remarkable, comparison.outcomes))


def _is_remarkable(row: OutcomeRow) -> bool:
    if row.verdict is not Verdict.SAME:
        return True
    return not (row.base.outcomes.keys() <= _OK and row.head.outcomes.keys() <= _OK)


def titles(metrics: Iterable[str]) -> str:
    """Return metric names as tables call them."""
    return ", ".join(printable(title_of_metric(metric)) for metric in metrics)
