"""What one execution on a board is: a piece of shell for the board's program, with every word quoted."""

import math
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pagewalk.last_will import MARK
from runners.counters.perf.record_plan import RecordPlan
from runners.counters.perf.stat import stat_command
from runners.execution.gate import CONTROL

RECORDING = "perf.data"
"""What a recording is called on a board."""

MOST_RECORDED = 16 << 20
"""Bytes of a recording there; a board may have little room."""

_HOLD = ("-C", "0", "-D", "-1")  # a counter of a whole processor that is never on

# A user's ~/.perfconfig or pager may change what perf prints.
_ITSELF = ("env", "PERF_CONFIG=/dev/null", "PAGER=cat")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be executed, in the board's own paths.

    Args:
        ident: its name; no other execution's.
        command: argv, the workload's arguments among it.
        environment: all of its variables, but the two that the protocol adds.
        cpus: processors to pin to; empty for all.
        events: what perf counts; empty for nothing.
        timeout: seconds.
        plan: what perf records; None for nothing.
        places: the words of each `place`, see program/7-probes.sh.
    """

    ident: str
    command: Sequence[str]
    environment: Sequence[tuple[str, str]]
    cpus: Sequence[int]
    events: Sequence[str]
    timeout: float
    plan: RecordPlan | None = None
    places: Sequence[Sequence[str]] = ()


def job_text(order: Order) -> bytes:
    """Return the text of the job."""
    pinned = ("taskset", hex(sum(1 << cpu for cpu in order.cpus))) if order.cpus else ()
    # The mark comes first: a busybox grep looks no further than the first NUL.
    variables = ((MARK, order.ident), *order.environment, ("PAGEWALK_CONTROL", CONTROL))
    words = (*pinned, "env", "-i", *(f"{name}={value}" for name, value in variables), *order.command)
    lines = (
        f"timeout={max(1, math.ceil(order.timeout))}",
        f"counted={'yes' if order.events else 'no'}",
        *((f"cpu={min(order.cpus)}",) if order.cpus else ()),
        *(_reading(order.plan) if order.plan else ()),
        *(_probing(order.places) if order.places else ()),
        f'counting() {{ {_holding(order.places)}{_counting(order.events)}{_recording(order.plan)}"$@"; }}',
        f"execute() {{ exec {shlex.join(words)}; }}",
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def _holding(places: Sequence[Sequence[str]]) -> str:
    """Keep probes in the workload's code when a child of it ends, see `runners.counters.probes.placing`."""
    if not places:
        return ""
    groups = [word for group in dict.fromkeys(group for group, *_ in places) for word in ("-e", f"{group}:*")]
    return f"{shlex.join((*_ITSELF, 'perf', 'stat', *_HOLD, '-o', '/dev/null', *groups, '--'))} "


def _counting(events: Sequence[str]) -> str:
    if not events:
        return ""
    return f"{shlex.join((*_ITSELF, *stat_command('perf.csv', _control('count'), events)))} "


def _recording(plan: RecordPlan | None) -> str:
    if plan is None:
        return ""
    told = shlex.join((*_ITSELF, "perf", *plan.record(RECORDING, _control("record"), MOST_RECORDED)))
    # A buffer that holds all of it loses nothing; so much locked memory only root may have.
    return f'{told} $([ "$(id -u)" != 0 ] || echo -m 16M) -- '


def _control(name: str) -> str:
    return f"--control=fifo:{name}.control,{name}.acknowledge"


def _reading(plan: RecordPlan) -> Iterator[str]:
    """Yield how the board reads its own recording: it has the files that the names are in."""
    yield "recorded=yes"
    script = plan.script(RECORDING, *(("dso",) if "ip" in plan.fields else ()))
    for name, arguments in (("listing", plan.listing(RECORDING)), ("script", script)):
        yield f"{name}() {{ {shlex.join((*_ITSELF, 'perf', *arguments))}; }}"


def _probing(places: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "probed=yes"
    yield f"probing() {{ {' && '.join(shlex.join(('place', *words)) for words in places)}; }}"
