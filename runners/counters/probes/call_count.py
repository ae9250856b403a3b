"""How often a probe is hit in the region of interest: exact, and without a sample."""

import os
import weakref
from collections.abc import Iterable, Sequence

from pagewalk.errors import Unavailable
from pagewalk.model import Missing, Sample
from pagewalk.protocols import Region
from runners.counters import perf_syscall
from runners.counters.events.kernel import TRACEPOINT, Event
from runners.counters.probes.placing import Probes


class CallCount:
    """Counting of one process with all its threads; it has no metrics."""

    def __init__(self, probes: Probes) -> None:
        self._events = [Event(f"{probes.group}/{number}", TRACEPOINT, number) for number in probes.numbers]
        self._descriptors: list[int] = []
        self.close = weakref.finalize(self, _close_all, self._descriptors)
        """Call it before the probes are taken away: the kernel keeps those that are counted."""

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        return command

    def attach(self, pid: int) -> None:
        """Raises: Unavailable: the kernel does not let us count."""
        for event in self._events:
            try:
                self._descriptors.append(perf_syscall.open_event(event, pid, user_only=False))
            except OSError as error:
                raise Unavailable(
                    f"the probe cannot be counted: {error.strerror}",
                    "sudo sysctl kernel.perf_event_paranoid=-1",
                ) from error

    def enable(self) -> None:
        for descriptor in self._descriptors:
            perf_syscall.enable(descriptor)

    def disable(self) -> None:
        for descriptor in self._descriptors:
            perf_syscall.disable(descriptor)

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:  # noqa: ARG002
        """Calls are no metric; see `calls`."""
        return ()

    @property
    def calls(self) -> int:
        """Over all regions."""
        return sum(perf_syscall.read(descriptor).count for descriptor in self._descriptors)


def _close_all(descriptors: list[int]) -> None:
    while descriptors:
        os.close(descriptors.pop())
