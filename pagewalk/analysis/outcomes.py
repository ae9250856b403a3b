"""How executions ended, before and after. Stands above all numbers."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pagewalk.analysis.evidence import needed_text
from pagewalk.analysis.fingerprints import NEAR, cause, place, place_text, where
from pagewalk.analysis.ruling import Family
from pagewalk.analysis.samples_needed import to_tell_shares
from pagewalk.analysis.shares import fisher
from pagewalk.analysis.verdict import Judgement, Verdict
from pagewalk.model import Crash, Outcome, Record
from pagewalk.units import number

_OK = {Outcome.OK}

Pair = tuple[Record | None, Record | None]
"""How a case ended, before and after; None where it was not executed."""


class Tally(NamedTuple):
    """Executions of one record, those that this machine does not support left out."""

    bad: int
    total: int

    @property
    def share(self) -> float:
        return self.bad / self.total


def tally(record: Record) -> Tally:
    """Count the executions of a record that ended badly."""
    counted = record.outcomes
    total = sum(counted.values()) - counted.get(Outcome.UNSUPPORTED, 0)
    good = counted.get(Outcome.OK, 0) + counted.get(Outcome.AS_EXPECTED, 0)
    return Tally(total - good, total)


def mixture_p(base: Record, head: Record) -> float | None:
    """Return the p-value of Fisher's exact test where some executions of a side ended badly.

    None where either side ended one way only, or nothing was executed: that needs no test.
    """
    before, after = tally(base), tally(head)
    if not (before.total and after.total and (_mixed(before) or _mixed(after))):
        return None
    return fisher(before.bad, before.total, after.bad, after.total)


def mixtures_of(pairs: Iterable[Pair]) -> list[float | None]:
    """Return `mixture_p` of many pairs of records; None also where one is missing."""
    return [
        None
        if base is None or head is None or (len(base.outcomes) < 2 and len(head.outcomes) < 2)
        else mixture_p(base, head)
        for base, head in pairs
    ]


def _mixed(counted: Tally) -> bool:
    return 0 < counted.bad < counted.total


def judge_outcomes(
    pairs: Sequence[tuple[Record, Record]], q: Sequence[float | None], family: Family
) -> list[Judgement]:
    """Judge how cases ended before and after; see `judge_outcome`.

    Nearly all ended well and share how they ended, and a page has thousands: each such ending is judged once.
    """
    judged = []
    well: dict[tuple[int, int], Judgement] = {}
    for (base, head), own in zip(pairs, q, strict=True):
        ended = id(base.outcomes), id(head.outcomes)
        one = well.get(ended)
        if one is None:
            one = judge_outcome(base, head, own, family)
            if base.outcomes.keys() == head.outcomes.keys() == _OK:
                well[ended] = one
        judged.append(one)
    return judged


def judge_outcome(base: Record, head: Record, q: float | None, family: Family) -> Judgement:
    """Judge how a case ended before and after.

    Args:
        q: of `mixture_p`; None where that is None.
    """
    if base.outcomes.keys() == head.outcomes.keys() == _OK:
        return _all_ok(base.outcomes[Outcome.OK], head.outcomes[Outcome.OK])
    before, after = tally(base), tally(head)
    if not (before.total and after.total):
        return Judgement(None, _nothing(base, head))
    if q is not None:
        return _judge_mixture(base, head, q, family)
    return _judge_alike(base, head, before, after)


def _judge_alike(base: Record, head: Record, before: Tally, after: Tally) -> Judgement:
    """Judge executions of which each side ended one way only."""
    if not before.bad and not after.bad:
        if Outcome.AS_EXPECTED in (base.outcome, head.outcome):
            return Judgement(Verdict.SAME, _was_is(base, head))
        return _all_ok(before.total, after.total)
    if before.bad and after.bad:
        return _judge_both_bad(base, head)
    verdict = Verdict.BROKEN if after.bad else Verdict.FIXED
    return Judgement(verdict, _was_is(base, head))


@lru_cache(maxsize=256)
def _all_ok(before: int, after: int) -> Judgement:
    return Judgement(Verdict.SAME, f"all ok: {before} before, {after} after")


def _nothing(base: Record, head: Record) -> str:
    sides: list[tuple[str, str]] = []
    for word, record in (("before", base), ("after", head)):
        if not tally(record).total:
            unsupported = Outcome.UNSUPPORTED in record.outcomes
            sides.append((word, f"unsupported{_last_line(record)}" if unsupported else "never executed"))
    alike = len(sides) == 2 and sides[0][1] == sides[1][1]
    return f"{sides[0][1]} on both sides" if alike else "; ".join(f"{word}: {why}" for word, why in sides)


def _last_line(record: Record) -> str:
    lines = record.crash.last_output if record.crash else ()
    return f" ({lines[-1]})" if lines else ""


def _judge_both_bad(base: Record, head: Record) -> Judgement:
    if _same_ending(base, head):
        return Judgement(Verdict.SAME, f"{ending(head)} on both sides")
    return Judgement(Verdict.BROKEN, f"ends badly in a different way: {_was_is(base, head)}")


def _judge_mixture(base: Record, head: Record, q: float, family: Family) -> Judgement:
    before, after = tally(base), tally(head)
    told = f"{_was_is(base, head)}; q = {number(q, 2)} by Fisher's exact test"
    if q > family.alpha:
        wanted = to_tell_shares(before.share, after.share, family.level)
        more = max(1, wanted - min(before.total, after.total))
        return Judgement(Verdict.UNSURE, f"{told}; {needed_text(more)}", None, more)
    if after.share > before.share:
        return Judgement(Verdict.REGRESSED if before.bad else Verdict.BROKEN, told)
    return Judgement(Verdict.IMPROVED if after.bad else Verdict.FIXED, told)


def _was_is(base: Record, head: Record) -> str:
    return f"{ending(base)} before, {ending(head)} after"


def worst_outcome(outcomes: Mapping[Outcome, int]) -> Outcome:
    """Return the bad outcome seen most often, `ok` where there is none; `unsupported` is neither."""
    bad = {o: n for o, n in outcomes.items() if n and not o.good and o is not Outcome.UNSUPPORTED}
    return max(bad, key=lambda outcome: bad[outcome]) if bad else Outcome.OK


def ending(record: Record) -> str:
    """Say how a record ended: "10 of 10 crashed (SIGSEGV at 0x10)"."""
    counted = tally(record)
    crash = _crash_text(record.crash)
    if not counted.bad and Outcome.AS_EXPECTED in record.outcomes:
        return f"{counted.total} of {counted.total} ended as expected ({crash})"
    if not counted.bad:
        return f"{counted.total} of {counted.total} ok"
    told = f"{counted.bad} of {counted.total} {worst_outcome(record.outcomes)}"
    return f"{told} ({crash})" if crash else told


def _crash_text(crash: Crash | None) -> str:
    if crash is None:
        return ""
    address = f" at {crash.fault_address:#x}" if crash.fault_address is not None else ""
    return f"{cause(crash)}{address} {place_text(crash)}".strip()


def _comparable(before: str, after: str) -> tuple[str, str]:
    """Return two functions; neither where only one of them is known by its own name."""
    return (before, after) if before.startswith(NEAR) is after.startswith(NEAR) else ("", "")


def _same_ending(base: Record, head: Record) -> bool:
    """Return whether two bad endings are the same one, as far as both sides know."""
    before, after = base.crash or Crash(), head.crash or Crash()
    known = (
        (cause(before), cause(after)),
        (where(before), where(after)),
        _comparable(place(before), place(after)),
    )
    differ = any(one and other and one != other for one, other in known)
    return worst_outcome(base.outcomes) is worst_outcome(head.outcomes) and not differ
