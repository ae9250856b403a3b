"""What a bisection was asked and which process works on it: kept in its state, for whoever looks on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pagewalk.history.codec import number_in, text_in
from pagewalk.processes import Ending, Process, Standing, process_in, standing

MOST_COMMITS = 20_000
_MOST_BUDGET = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched, in full.

    Args:
        commits: hashes and subject lines, oldest first: the good commit, then all candidates.
        what: the case that is measured, or the command.
        where: the runner, or the repository of a command.
        subject: of the project; empty for a command.
        metric: empty while it is not settled what differs.
        pages: what the address of each commit on its forge begins with; empty where there is none.
    """

    commits: tuple[tuple[str, str], ...]
    what: str
    where: str
    subject: str = ""
    metric: str = ""
    unit: str = ""
    confidence: float = 0.99
    budget: int = 300
    build_cost: float = 0.0
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The process that works on a search, or did so last.

    Args:
        began: seconds since the epoch; as is `updated`, the time of the last thing written.
        before: executions that were there when it began.
        remaining: rough number of executions to go; None where that is not known.
        ended: how; None while it has not said so.
        words: what it said at its end.
    """

    process: Process
    began: float
    updated: float
    before: int = 0
    remaining: int | None = None
    ended: Ending | None = None
    words: str = ""

    @property
    def standing(self) -> Standing:
        """How it stands at this moment."""
        return standing(self.process, self.ended)


def asked_json(asked: Asked) -> dict[str, Any]:
    """Return a question as values that `json.dumps` takes."""
    return {name: getattr(asked, name) for name in Asked.__slots__}


def attempt_json(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt as values that `json.dumps` takes."""
    return asdict(attempt)


def asked_in(body: Mapping[str, Any]) -> Asked:
    """Return the question that JSON holds.

    Raises:
        ValueError, TypeError, KeyError: it holds none.
    """
    commits = tuple((hash_in(commit), text_in(subject)) for commit, subject in body["commits"])
    if not 2 <= len(commits) <= MOST_COMMITS or len({commit for commit, _ in commits}) < len(commits):
        raise ValueError(f"{len(commits)} commits, or one of them twice")
    confidence, cost = number_in(body["confidence"]), number_in(body["build_cost"])
    if not 0.5 < confidence < 1 or not 0 <= cost <= 100:
        raise ValueError(f"a confidence of {confidence:g}, or a build as dear as {cost:g} executions")
    what, where, subject = (text_in(body[name]) for name in ("what", "where", "subject"))
    metric, unit = text_in(body["metric"]), text_in(body["unit"])
    pages = text_in(body.get("pages", ""))
    if pages and not pages.startswith("https://"):
        raise ValueError(f"commits at {pages!r:.50}, which is no address on the web")
    return Asked(commits, what, where, subject, metric, unit, confidence, _count(body["budget"]), cost, pages)


def attempt_in(body: Mapping[str, Any]) -> Attempt:
    """Return the attempt that JSON holds.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: it holds none.
    """
    return Attempt(
        process_in(body["process"]),
        number_in(body["began"]),
        number_in(body["updated"]),
        _count(body["before"]),
        None if body["remaining"] is None else _count(body["remaining"]),
        None if body["ended"] is None else Ending(body["ended"]),
        text_in(body["words"]),
    )


def hash_in(text: Any) -> str:
    """Return a full hash.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(text, str) or len(text) != 40 or set(text) - set("0123456789abcdef"):
        raise ValueError(f"{text!r:.50} is no commit")
    return text


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_BUDGET:
        raise ValueError(f"expected a count up to {_MOST_BUDGET}, found {value!r:.40}")
    return value
