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

# A user's ~/.perfconfig or pager may change what perf prints.
_ITSELF = ("env", "PERF_CONFIG=/dev/null", "PAGER=cat")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be executed, in the board's own paths.

    Args:
        command: argv, the workload's arguments among it.
        environment: all of its variables, but the two that the protocol adds.
        cpus: processors to pin to; empty for all.
        events: what perf is asked to count; empty to do without perf.
        timeout: seconds.
        plan: what perf records instead of counting; None to count.
    """

    command: Sequence[str]
    environment: Sequence[tuple[str, str]]
    cpus: Sequence[int]
    events: Sequence[str]
    timeout: float
    plan: RecordPlan | None = None


def job_text(order: Order, ident: str) -> bytes:
    """Return the text of the job named `ident`."""
    pinned = ("taskset", hex(sum(1 << cpu for cpu in order.cpus))) if order.cpus else ()
    # The mark comes first: a busybox grep looks no further than the first NUL.
    variables = ((MARK, ident), *order.environment, ("PAGEWALK_CONTROL", CONTROL))
    words = (*pinned, "env", "-i", *(f"{name}={value}" for name, value in variables), *order.command)
    counting = _perf(order) if order.events or order.plan else ""
    lines = (
        f"timeout={max(1, math.ceil(order.timeout))}",
        f"counted={'yes' if counting else 'no'}",
        *(_reading(order.plan) if order.plan else ()),
        f'counting() {{ {counting} "$@"; }}',
        f"execute() {{ exec {shlex.join(words)}; }}",
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def _perf(order: Order) -> str:
    control = "--control=fifo:perf.control,perf.acknowledge"
    if order.plan is None:
        return shlex.join((*_ITSELF, *stat_command("perf.csv", control, order.events)))
    told = shlex.join((*_ITSELF, "perf", *order.plan.record(RECORDING, control, MOST_RECORDED)))
    # A buffer that holds all of it loses nothing; so much locked memory only root may have.
    return f'{told} $([ "$(id -u)" != 0 ] || echo -m 16M) --'


def _reading(plan: RecordPlan) -> Iterator[str]:
    """Yield how the board reads its own recording: it has the files that the names are in."""
    yield "recorded=yes"
    for name, arguments in (("listing", plan.listing(RECORDING)), ("script", plan.script(RECORDING, "dso"))):
        yield f"{name}() {{ {shlex.join((*_ITSELF, 'perf', *arguments))}; }}"
