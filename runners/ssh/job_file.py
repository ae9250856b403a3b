"""What one execution on a board is: a piece of shell for the board's program, with every word quoted."""

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from pagewalk.last_will import MARK
from runners.counters.perf_stat import stat_command
from runners.execution.gate import CONTROL


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be executed, in the board's own paths.

    Args:
        command: argv, the workload's arguments among it.
        environment: all of its variables, but the two that the protocol adds.
        cpus: processors to pin to; empty for all.
        events: what perf is asked for; empty to do without perf.
        timeout: seconds.
    """

    command: Sequence[str]
    environment: Sequence[tuple[str, str]]
    cpus: Sequence[int]
    events: Sequence[str]
    timeout: float


def job_text(order: Order, ident: str) -> bytes:
    """Return the text of the job named `ident`."""
    pinned = ("taskset", hex(sum(1 << cpu for cpu in order.cpus))) if order.cpus else ()
    # The mark comes first: a busybox grep looks no further than the first NUL.
    variables = ((MARK, ident), *order.environment, ("PAGEWALK_CONTROL", CONTROL))
    words = (*pinned, "env", "-i", *(f"{name}={value}" for name, value in variables), *order.command)
    counting = shlex.join(_perf(order.events)) if order.events else ""
    lines = (
        f"timeout={max(1, math.ceil(order.timeout))}",
        f"counted={'yes' if order.events else 'no'}",
        f'counting() {{ {counting} "$@"; }}',
        f"execute() {{ exec {shlex.join(words)}; }}",
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def _perf(events: Sequence[str]) -> tuple[str, ...]:
    control = "--control=fifo:perf.control,perf.acknowledge"
    return ("env", "PERF_CONFIG=/dev/null", *stat_command("perf.csv", control, events))
