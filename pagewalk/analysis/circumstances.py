"""What else differed between two sides: a change of the machine looks like a change of the patch."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter

from pagewalk.analysis.exact import declared_exact, repeats
from pagewalk.analysis.past import Known
from pagewalk.analysis.questions import Asked, Question
from pagewalk.analysis.settings import Settings
from pagewalk.model import Machine, Precision, Provenance, Record
from pagewalk.units import percent, title_of_metric

# Facts that name the subject itself (its allocator, its revision) differ on purpose.
_CIRCUMSTANCES = frozenset(
    (
        "arch",
        "aslr",
        "boost",
        "cpu",
        "cpu_config",
        "cpu_machine",
        "emulator",
        "glibc",
        "governor",
        "kernel",
        "kernel_version",
        "libc",
        "libc6",
        "microcode",
        "musl",
        "num_cpu",
        "os",
        "page_size",
        "platform",
        "qemu",
        "ram",
        "smt",
        "swap",
        "thp",
        "transparent_hugepage",
    )
)
# A counter that ran less than this share of the time is more of a guess than a count.
_SHARE = 0.9

_SLOWED = "throttled"
"""The fact that says how often the processor was slowed down for heat during an execution."""

Sides = Sequence[tuple[Record | None, Record | None]]


def warnings(asked: Asked, known: Iterable[Known], settings: Settings) -> Iterator[str]:
    """Yield one sentence for each thing that a reader of the verdicts must know.

    Args:
        known: what commits before the base say of some questions.
    """
    for machine in asked.machines:
        sides = [(one.base, one.head) for one in asked.facing if one.machine is machine]
        yield from _one_sided(machine, sides)
        told = [
            (base, head)
            for base, head in sides
            if (base is not None and (base.facts or base.varied))
            or (head is not None and (head.facts or head.varied))
        ]
        yield from _changed_meanwhile(machine, told)
        yield from _slowed_down(machine, told)
        yield from _differing_facts(machine, told)
        yield from _doubtful_counters(machine, asked.questions)
    yield from _unmeasured_noise(asked.questions, known, settings)


def _differing_facts(machine: Machine, sides: Sides) -> Iterator[str]:
    """Yield one sentence for each fact of a machine that was not the same before and after."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for base, head in sides:
        if base is None or head is None:
            continue
        for fact, was in base.facts.items():
            now = head.facts.get(fact, was)
            if now != was and _is_circumstance(fact):
                seen[fact, was, now] += 1
    for (fact, was, now), cases in sorted(seen.items()):
        yield (
            f"{machine.name}: {fact} was {was} before and is {now} after ({_cases(cases)}); "
            "unless that is the patch, measure both sides on one state of the machine"
        )


def _changed_meanwhile(machine: Machine, sides: Sides) -> Iterator[str]:
    """Yield one sentence for each fact of a machine that changed while a side was being measured."""
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter(
        (fact, values)
        for record in chain.from_iterable(sides)
        if record is not None
        for fact, values in record.varied.items()
        if _is_circumstance(fact)
    )
    for (fact, values), records in sorted(seen.items()):
        yield (
            f"{machine.name}: {fact} changed while it was measured, {' then '.join(values)} "
            f"({_cases(records, 'side of a case', 'sides of cases')}); "
            "leave the machine alone and measure again with --fresh"
        )


def _slowed_down(machine: Machine, sides: Sides) -> Iterator[str]:
    """Yield how many cases were measured while the processor was too hot."""
    for word, place in (("before", 0), ("after", 1)):
        hot = sum(record is not None and _was_hot(record) for record in map(itemgetter(place), sides))
        if hot:
            yield (
                f"{machine.name}: the processor was slowed down for heat ({_cases(hot)} {word}); "
                "cool it, or fix a lower frequency, and measure again with --fresh"
            )


def _was_hot(record: Record) -> bool:
    return _SLOWED in record.varied or record.facts.get(_SLOWED, "0") != "0"


def _is_circumstance(fact: str) -> bool:
    """`transparent_hugepage.enabled` is one of several facts about one circumstance."""
    return fact.partition(".")[0] in _CIRCUMSTANCES


def _one_sided(machine: Machine, sides: Sides) -> Iterator[str]:
    """Yield how many cases were measured on one side only."""
    before, after = [base for base, _ in sides], [head for _, head in sides]
    for word, only in (("before", after.count(None)), ("after", before.count(None))):
        if only:
            yield f"{machine.name}: {_cases(only)} measured only {word}"


def _unmeasured_noise(asked: Sequence[Question], known: Iterable[Known], settings: Settings) -> Iterator[str]:
    """Yield, once for all, for how many sampled rows nothing but the threshold guards against noise."""
    sampled = [(number, question.place) for number, question in enumerate(asked) if question.sampled]
    told = {number for one in known for number in one.places}
    unknown = [place for number, place in sampled if number not in told and place not in settings.noise]
    if unknown:
        where = ", ".join(sorted({name for name, _, _ in unknown}))
        yield (
            f"no noise floor is known for {len(unknown)} of {len(sampled)} sampled rows ({where}); "
            "only the threshold guards against noise there; measure it with pagewalk noise"
        )
    places = (place for _, place in sampled) if settings.lapsed else ()
    lapsed = Counter((place[0], settings.lapsed[place]) for place in places if place in settings.lapsed)
    for (name, reason), rows in sorted(lapsed.items()):
        rest = "1 noise floor is" if rows == 1 else f"{rows} noise floors are"
        yield (
            f"{name}: {rest} of another state of the machine ({reason}) and not used; "
            "measure again with pagewalk noise, or put the machine back"
        )


def _doubtful_counters(machine: Machine, asked: Sequence[Question]) -> Iterator[str]:
    """Yield what is wrong with counters: they do not repeat, changed their source, or were shared."""
    broken_promise: Counter[str] = Counter()
    replaced: Counter[tuple[str, str, str]] = Counter()
    shared: dict[str, float] = {}
    sources = {id(question.base.provenance): question.base.provenance for question in asked}
    sound = {identity for identity, source in sources.items() if _is_beyond_doubt(source)}
    for question in asked:
        base, head = question.base, question.head
        if base.provenance is head.provenance and id(base.provenance) in sound:  # nearly all, of thousands
            continue
        if question.why_not or question.pairing.machine is not machine:
            continue
        if (declared_exact(base) and not repeats(base)) or (declared_exact(head) and not repeats(head)):
            broken_promise[base.metric] += 1
        if base.provenance and head.provenance:
            if base.provenance.source != head.provenance.source:
                replaced[base.metric, base.provenance.source, head.provenance.source] += 1
            share = min(base.provenance.share, head.provenance.share)
            shared[base.metric] = min(share, shared.get(base.metric, 1.0))
    for metric, cases in sorted(broken_promise.items()):
        yield (
            f"{machine.name}: {title_of_metric(metric)} was declared exact but does not repeat "
            f"({_cases(cases)}); judged as sampled"
        )
    for (metric, was, now), cases in sorted(replaced.items()):
        title = title_of_metric(metric)
        yield f"{machine.name}: {title} came from {was} before and {now} after ({_cases(cases)})"
    for metric, share in sorted(shared.items()):
        if share < _SHARE:
            title, ran = title_of_metric(metric), percent(1 + share).removeprefix("+")
            yield f"{machine.name}: {title} was counted only {ran} of the time (multiplexed)"


def _is_beyond_doubt(provenance: Provenance | None) -> bool:
    """Return whether nothing can be wrong where both sides have this one: no promise, and never shared."""
    return provenance is not None and provenance.precision is Precision.SAMPLED and provenance.share == 1


def _cases(count: int, one: str = "case", more: str = "cases") -> str:
    return f"1 {one}" if count == 1 else f"{count} {more}"
