"""A whole machine under emulation as a runner: the kernel's own page faults, and Debian's own perf.

The guest is a board like any other (`runners.ssh`), but for how it is reached and what its numbers are worth.
"""

from collections.abc import Mapping
from functools import cached_property

from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from pagewalk.metrics import METRICS
from pagewalk.model import Job, Missing, Outcome, Provenance, Run, Target
from pagewalk.toolchains.process import Progress, silent
from runners.counters.perf.stat_csv import parse_csv
from runners.counters.process_status import ProcessStatus
from runners.executable import unsupported
from runners.execution.process import BASE_ENVIRONMENT
from runners.local import complete, first_offer
from runners.qemu_system.connection import GuestConnection
from runners.qemu_system.counting import COUNTED, judged, offer, user_only
from runners.qemu_system.guests import GUEST_PREFIX, GUESTS
from runners.qemu_system.packages import lacking
from runners.ssh.board import Board, new_ident
from runners.ssh.counting import Counting, counting_of, events_of, processor_of
from runners.ssh.executing import execute_on
from runners.ssh.facts import machine_facts
from runners.ssh.job_file import Order
from runners.ssh.placement import Placement, place
from runners.ssh.recorder import BoardRecorder
from runners.ssh.recordings import recorded

_SLOWDOWN = 20
"""Seconds of ours that a second of the guest's may take; 5 to 15 on a busy machine."""

# Whoever else runs in the guest goes first, so that nobody interrupts a region: each time that the emulator
# enters the kernel and comes back counts for an instruction or two.
_LAST_IN_LINE = ("sh", "-c", 'renice -n 19 -p $$ >/dev/null 2>&1; exec "$@"', "sh")
_PAUSES = (0.0, 1.0)
_TIMES = ("time", "cycles", "cpu-clock", "task-clock")
_MOST_OF_USER = 0.8
"""Part of the instructions of `true` that may be its own: a third is; the kernel makes and ends a process."""


class QemuSystem:
    """One booted guest.

    Args:
        architecture: a key of `runners.qemu_system.guests.GUESTS`.
        name: of the runner and of asv's machine; begins with `qemu-system-`.
        timeout: seconds of the guest's clock until an execution is killed; 0 for what each one asks for.
        on_progress: told what is fetched before the first boot.
    """

    emulated = True

    def __init__(
        self, architecture: str, name: str = "", timeout: float = 0.0, on_progress: Progress = silent
    ) -> None:
        self._guest = GUESTS[architecture]
        self.name = self.machine = name or f"{GUEST_PREFIX}{architecture}"
        self.target = Target(architecture)
        self._timeout = timeout
        self._connection = GuestConnection(self._guest, self.name, on_progress)
        self._board = Board(self.name, self._connection, _PAUSES)

    def unavailable(self) -> str:
        """Said without booting, which may take a download of 230 MB first."""
        return lacking()

    def facts(self) -> Mapping[str, str]:
        """Raises: Unavailable: the guest cannot be booted."""
        found = machine_facts(self._board.facts)
        versions, emulator = self._connection.versions, self._guest.emulator
        told = {
            "os": f"{found['os']} (qemu-system)",
            "cpu": f"{self._guest.cpu.partition(',')[0]}, {emulator} {versions[emulator]}",
            "perf": versions["linux-perf"],
        }
        return {**found, **told}

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Raises: Unavailable: the guest cannot be booted."""
        offers = [ProcessStatus().availability(), self._counting.offers]
        return {name: offer(name, first_offer(name, offers), told_apart=self._told_apart) for name in METRICS}

    def execute(self, job: Job) -> Run:
        """Execute once in the guest, with a fixed number of loops.

        Raises:
            Unavailable: the guest cannot be booted, or was lost more than once.
        """
        if reason := self.unavailable():
            raise Unavailable(f"{self.name}: {reason}")
        if refused := unsupported(job, self.target):
            return refused
        if job.record:
            self.require_event(job.record)
            return self._execute(job)
        run = judged(self._execute(job), threads=job.threads, told_apart=self._told_apart)
        return complete(run, self.availability()) if run.outcome is Outcome.OK else run

    def require_event(self, event: str) -> None:
        """Check that an event, calls of a function or a time line can be recorded in the guest; asked once.

        Raises:
            ConfigError: there is no such event; names the right one.
            Unavailable: it means nothing there, or cannot be recorded; or the guest cannot be booted.
        """
        if event in _TIMES:
            raise Unavailable(
                f"{self.name}: time cannot be recorded: a guest's clock goes by instructions",
                "Take --event instructions, or page-faults.",
            )
        self._recorder.require(event)

    def close(self) -> None:
        """Switch the guest off; the end of the process does the same."""
        self._connection.hang_up()

    def _execute(self, job: Job) -> Run:
        placement, ident = place(job.artifact), new_ident()
        recording = self._recorder.recording(job, placement, ident) if job.record else None
        order = self._order(ident, job, placement)
        order = recorded(order, recording) if recording else order
        patience = order.timeout * _SLOWDOWN
        return execute_on(self._board, order, placement, self._counting, recording, patience)

    def _order(self, ident: str, job: Job, placement: Placement) -> Order:
        folder = self._board.folder
        variables = {**BASE_ENVIRONMENT, **job.artifact.environment}
        command = tuple(placement.there(word, folder) for word in job.artifact.command)
        return Order(
            ident=ident,
            command=(
                *_LAST_IN_LINE,
                *command,
                *job.arguments,
                f"--loops={job.exact_loops}",
                f"--seed={job.seed}",
            ),
            environment=[(key, placement.there(value, folder)) for key, value in variables.items()],
            cpus=(),
            events=user_only(self._counting.events),
            timeout=self._timeout or job.timeout,
        )

    @cached_property
    def _counting(self) -> Counting:
        facts = self._board.facts
        entry = Entry(self.name, self.target, "", self.target.architecture, counters=COUNTED)
        processor = processor_of(entry, facts)
        return counting_of(processor, facts, self._board.try_events(events_of(processor)))

    @cached_property
    def _recorder(self) -> BoardRecorder:
        return BoardRecorder(self._board, self._counting.processor, self.target)

    @cached_property
    def _told_apart(self) -> bool:
        """Whether the PMU counts the workload's instructions without the kernel's: tried, with `true`."""
        mine, all_ = (self._counted_of_true(event) for event in ("instructions:u", "instructions"))
        return 0 < mine < _MOST_OF_USER * all_

    def _counted_of_true(self, event: str) -> float:
        lines = parse_csv(self._board.try_events(event).text("csv"), ["instructions"])
        return sum(line.value or 0.0 for line in lines)
