"""Runs as lines of JSON and back. Whatever is read is hostile until it has passed through here.

A log is a sequence of objects, one a line. Long values that recur are defined once a file:

    {"define": "d1", "value": {"origin": "clock", …}}
    {"run": {"benchmark": …, "samples": {"time": [1.2e-08, "d1"]}, "missing": {"cycles": "d2"}, …}}

Facts are written as what differs from facts defined before: `["d3", {"load": "0.1", "gone": null}]`.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pagewalk.files import MALFORMED
from pagewalk.model import Case, Crash, Missing, Origin, Outcome, Precision, Provenance, Run, Sample

MAX_LINE = 1 << 20
MAX_NAME = 4096


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """A run and where it belongs.

    Args:
        sitting: the interleaved sitting that it was part of.
        taken: when it ended, seconds since the epoch.
        version: of the benchmark; runs of different versions are never mixed.
    """

    case: Case
    sitting: str
    taken: float
    version: str
    run: Run


class Definitions:
    """The values a file has defined so far, in both directions."""

    def __init__(self) -> None:
        self.by_name: dict[str, Any] = {}
        self.facts = ""
        self._names: dict[str, str] = {}

    def learn(self, name: str, value: Any) -> None:
        self.by_name[name] = value
        self._names.setdefault(_canonical(value), name)

    def name_of(self, value: Any) -> tuple[str, bool]:
        """Return the name that stands for `value`, and whether it is new."""
        known = self._names.get(_canonical(value))
        if known is not None:
            return known, False
        name = f"d{len(self.by_name) + 1}"
        self.learn(name, value)
        return name, True


def encode(logged: LoggedRun, definitions: Definitions) -> Iterator[str]:
    """Yield the lines that record one run, the definitions it needs first; no newline at their ends."""
    lines: list[str] = []

    def short(value: Any) -> str:
        name, new = definitions.name_of(value)
        if new:
            lines.append(_canonical({"define": name, "value": value}))
        return name

    run = logged.run
    body: dict[str, Any] = {
        "benchmark": logged.case.benchmark,
        "params": [list(pair) for pair in logged.case.params],
        "sitting": logged.sitting,
        "taken": round(logged.taken, 3),
        "version": logged.version,
        "outcome": run.outcome.value,
        "samples": {s.metric: [s.value, short(asdict(s.provenance))] for s in run.samples},
        "missing": {m.metric: short(m.reason) for m in run.missing},
        "facts": _changes(dict(run.facts), definitions, short),
    }
    if run.crash is not None:
        body["crash"] = asdict(run.crash)
    lines.append(_canonical({"run": body}))
    yield from lines


def _changes(facts: dict[str, str], definitions: Definitions, short: Callable[[Any], str]) -> list[Any]:
    """Return the name of the facts last defined and what differs from them, if that is the shorter way."""
    base = definitions.facts
    known = definitions.by_name.get(base, {})
    changes: dict[str, str | None] = {k: v for k, v in facts.items() if known.get(k) != v}
    changes |= dict.fromkeys(known.keys() - facts.keys())
    if base and len(changes) <= max(len(facts) // 2, 4):
        return [base, changes]
    definitions.facts = short(facts)
    return [definitions.facts, {}]


def decode(
    lines: Iterable[str], definitions: Definitions, problem: Callable[[int, str], None]
) -> Iterator[LoggedRun]:
    """Yield the runs of a log; a line that cannot be read is reported to `problem` and passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE:
                raise ValueError(f"a line of {len(line)} characters")
            entry = json.loads(line)
            if "define" in entry:
                definitions.learn(text_in(entry["define"]), entry["value"])
            else:
                yield _run(entry["run"], definitions)
        except MALFORMED as error:
            problem(number, f"{type(error).__name__}: {error}"[:200])


def _run(body: Mapping[str, Any], definitions: Definitions) -> LoggedRun:
    case = Case(
        text_in(body["benchmark"]), tuple((text_in(name), text_in(value)) for name, value in body["params"])
    )
    samples = tuple(
        Sample(text_in(metric), number_in(value), _provenance(definitions.by_name[name]))
        for metric, (value, name) in body["samples"].items()
    )
    missing = tuple(
        Missing(text_in(metric), text_in(definitions.by_name[name]))
        for metric, name in body["missing"].items()
    )
    definitions.facts, changes = body["facts"]
    changed = {**definitions.by_name[definitions.facts], **changes}
    facts = {text_in(key): text_in(value) for key, value in changed.items() if value is not None}
    run = Run(Outcome(body["outcome"]), samples, missing, crash_in(body.get("crash")), facts)
    return LoggedRun(case, text_in(body["sitting"]), number_in(body["taken"]), text_in(body["version"]), run)


def _provenance(value: Mapping[str, Any]) -> Provenance:
    share = number_in(value["share"])
    if not 0 < share <= 1:
        raise ValueError(f"a share of {share}")
    return Provenance(Origin(value["origin"]), Precision(value["precision"]), text_in(value["source"]), share)


def crash_in(value: Mapping[str, Any] | None) -> Crash | None:
    """Return a crash as `dataclasses.asdict` wrote it; None for none.

    Raises:
        ValueError, KeyError, TypeError: it was not written so.
    """
    if value is None:
        return None
    crash = Crash(
        signal=text_in(value["signal"]), last_output=tuple(text_in(x) for x in value["last_output"])
    )
    status, address = value["exit_status"], value["fault_address"]
    return replace(
        crash,
        exit_status=None if status is None else int(status),
        fault_address=None if address is None else int(address),
        **_where(value),
    )


def _where(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what older logs have not: where the crash struck, in which functions, with which registers."""
    pc = value.get("pc")
    return {
        "pc": None if pc is None else int(pc),
        "frames": tuple(text_in(frame) for frame in value.get("frames", ())),
        "registers": {text_in(name): int(number) for name, number in value.get("registers", {}).items()},
        "faults": tuple(text_in(fault) for fault in value.get("faults", ())),
        "code": text_in(value.get("code", "")),
        "memory": text_in(value.get("memory", "")),
        "page": {text_in(word): text_in(text) for word, text in value.get("page", {}).items()},
    }


def text_in(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {type(value).__name__}")
    return value[:MAX_NAME]


def number_in(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"expected a finite number, found {value!r:.60}")
    return float(value)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
