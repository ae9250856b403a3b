"""One record of work under way, as a value and as JSON. What is read is hostile until it has passed here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pagewalk.history.codec import number_in, text_in
from pagewalk.processes import Ending, Process, Standing, process_in, standing

FORMAT = 1
LATEST = 12
"""Results that are kept of one piece of work: the newest ones."""
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Result:
    """How one execution ended.

    Args:
        at: when, seconds since the epoch.
        where: revision, runner and case, or a commit.
        outcome: as `pagewalk.model.Outcome` spells it.
        words: a value with its unit, or how it died.
    """

    at: float
    where: str
    outcome: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """Work under way, or lately ended.

    Args:
        identity: file name without its ending.
        command: of pagewalk, as `run`.
        subject: what is under test; the repository of a bisection of commands.
        what: is measured: patterns of cases, or a command; empty for all there is.
        commits: of the revisions, as names and hashes; base and head where there are two.
        search: file name of a bisection's state without its ending; empty for other commands.
        began: seconds since the epoch; as is `updated`.
        now: what is done at this moment.
        done: executions; of `total`, None while that is not known.
        remaining: estimated seconds to go from `updated` on; None while that is not known.
        results: the latest, oldest first.
        ended: how; None while it has not said so.
        words: what there is to say of the end.
    """

    identity: str
    command: str
    subject: str
    process: Process
    began: float
    updated: float
    what: str = ""
    commits: tuple[tuple[str, str], ...] = ()
    search: str = ""
    now: str = ""
    done: int = 0
    total: int | None = None
    remaining: float | None = None
    results: tuple[Result, ...] = ()
    ended: Ending | None = None
    words: str = ""

    @property
    def standing(self) -> Standing:
        """How it stands at this moment."""
        return standing(self.process, self.ended)


def as_json(live: Live) -> dict[str, Any]:
    """Return a record as values that `json.dumps` takes."""
    body = asdict(live)
    del body["identity"]
    return {"format": FORMAT, **body}


def from_json(identity: str, body: Any) -> Live:
    """Return the record that JSON holds.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: it holds none.
    """
    if body["format"] != FORMAT:
        raise ValueError(f"a record of format {body['format']!r:.20}; this pagewalk reads {FORMAT}")
    return Live(
        identity=identity,
        command=text_in(body["command"]),
        subject=text_in(body["subject"]),
        process=process_in(body["process"]),
        began=number_in(body["began"]),
        updated=number_in(body["updated"]),
        what=text_in(body.get("what", "")),
        commits=tuple((text_in(name), text_in(commit)) for name, commit in body["commits"]),
        search=text_in(body["search"]),
        now=text_in(body["now"]),
        done=_count(body["done"]),
        total=None if body["total"] is None else _count(body["total"]),
        remaining=None if body["remaining"] is None else number_in(body["remaining"]),
        results=tuple(_result(result) for result in body["results"][-LATEST:]),
        ended=None if body["ended"] is None else Ending(body["ended"]),
        words=text_in(body["words"]),
    )


def _result(body: Mapping[str, Any]) -> Result:
    where, outcome, words = (text_in(body[name]) for name in ("where", "outcome", "words"))
    return Result(number_in(body["at"]), where, outcome, words)


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError(f"expected a count, found {value!r:.40}")
    return value
