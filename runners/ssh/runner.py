"""A board as a runner: real times and the board's own counters, over ssh."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pagewalk.errors import Unavailable
from pagewalk.events import TIMELINE
from pagewalk.inventories import Entry
from pagewalk.metrics import METRICS
from pagewalk.model import Job, Missing, Outcome, Provenance, Run
from runners.counters.process_status import ProcessStatus
from runners.executable import unsupported
from runners.execution.capture import printable
from runners.execution.process import BASE_ENVIRONMENT
from runners.heat import heat_told
from runners.local import MOST_PADDING, complete, first_offer
from runners.recording import past_calibration
from runners.ssh.board import PAUSES, Board, new_ident
from runners.ssh.connection import Connection
from runners.ssh.counting import Counting, counting_of, events_of, processor_of
from runners.ssh.executing import execute_on
from runners.ssh.facts import ARCHITECTURES, allowed_cpus, machine_facts, moment, run_facts
from runners.ssh.job_file import Order
from runners.ssh.placement import Placement, place
from runners.ssh.recorder import BoardRecorder
from runners.ssh.recordings import recorded


class Ssh:
    """One machine of the inventory.

    Args:
        entry: what the inventory says of it.
        pauses: seconds before each new attempt after the connection was lost.
    """

    emulated = False

    def __init__(self, entry: Entry, pauses: tuple[float, ...] = PAUSES) -> None:
        self.name = self.machine = entry.name
        self.target = entry.target
        self._entry = entry
        self._board = Board(entry.name, Connection(entry), pauses)

    def unavailable(self) -> str:
        return self._probe

    def facts(self) -> Mapping[str, str]:
        """Raises: Unavailable: there is no way to the board."""
        return machine_facts(self._board.facts)

    def moment(self) -> Mapping[str, str]:
        """Return load, frequency and heat as they were when the board was connected to.

        Raises:
            Unavailable: there is no way to the board.
        """
        told = self._board.facts
        return {**moment(told.text("load"), told.text("khz")), **heat_told(told.text("heat")).facts()}

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Raises: Unavailable: there is no way to the board."""
        offers = [ProcessStatus().availability(), self._counting.offers]
        return {name: first_offer(name, offers) for name in METRICS}

    def execute(self, job: Job) -> Run:
        """Execute once on the board, pinned to one processor unless the workload has threads.

        Raises:
            Unavailable: the board is gone, and with it the execution; or it cannot execute anything.
        """
        if self._probe:
            raise Unavailable(f"{self.name}: {self._probe}")
        if refused := unsupported(job, self.target):
            return refused
        if job.record == TIMELINE:
            return past_calibration(job, self._execute)
        if job.record:
            return self._execute(job)
        run = self._execute(job)
        return complete(run, self.availability()) if run.outcome is Outcome.OK else run

    def require_event(self, event: str) -> None:
        """Check that an event, calls of a function or a time line can be recorded there; asked once.

        Raises:
            ConfigError: there is no such event; names the right one.
            Unavailable: there is, and it cannot be recorded there; or there is no way to the board.
        """
        self._recorder.require(event)

    def close(self) -> None:
        """Leave nothing but files on the board, and hang up; the end of the process does the same."""
        self._board.close()

    def _execute(self, job: Job) -> Run:
        placement, ident = place(job.artifact), new_ident()
        cpus = self._cpus(job.threads)
        padding = random.Random(job.seed).randrange(MOST_PADDING)
        recording = self._recorder.recording(job, placement, ident) if job.record else None
        order = self._order(ident, job, placement, cpus, padding)
        order = recorded(order, recording) if recording else order
        run = execute_on(self._board, order, placement, self._counting, recording, order.timeout)
        told = {"cpus": ",".join(map(str, cpus)) or "not pinned", "padding": str(padding)}
        return replace(run, facts={**run.facts, **run_facts(self._board.facts), **told})

    def _order(self, ident: str, job: Job, placement: Placement, cpus: Sequence[int], padding: int) -> Order:
        folder = self._board.folder
        variables = {**BASE_ENVIRONMENT, **job.artifact.environment, "PAGEWALK_PAD": "x" * padding}
        command = tuple(placement.there(word, folder) for word in job.artifact.command)
        return Order(
            ident=ident,
            command=(*command, *job.arguments, f"--seed={job.seed}"),
            environment=[(key, placement.there(value, folder)) for key, value in variables.items()],
            cpus=cpus,
            events=self._counting.events,
            timeout=self._entry.timeout or job.timeout,
        )

    def _cpus(self, threads: bool) -> tuple[int, ...]:
        """Return where to execute: one processor for one thread, the last, which fewest interrupts go to."""
        if "tool_taskset" not in self._board.facts:
            return ()
        chosen = self._entry.cpus or self._allowed
        return chosen if threads else chosen[-1:]

    @property
    def _allowed(self) -> tuple[int, ...]:
        """The processors that the board lets us use."""
        return allowed_cpus(self._board.facts)

    @cached_property
    def _counting(self) -> Counting:
        facts = self._board.facts
        processor = processor_of(self._entry, facts)
        tried = self._board.try_events(events_of(processor)) if "tool_perf" in facts else None
        return counting_of(processor, facts, tried)

    @cached_property
    def _recorder(self) -> BoardRecorder:
        return BoardRecorder(self._board, self._counting.processor, self.target)

    @cached_property
    def _probe(self) -> str:
        """Why nothing can be executed there; empty when all is well."""
        try:
            facts = self._board.facts
        except Unavailable as error:
            return f"{error.message}: {error.remedy}" if error.remedy else error.message
        arch, target = printable(facts.text("arch")) or "of no known architecture", self.target.architecture
        if target not in ARCHITECTURES.get(arch, ()):
            return f"it is {arch}, and runners/machines.toml says {target}"
        if facts.text("executes") != "yes":
            where = printable(self._board.folder)
            return f"nothing can be executed in {where}: is that mounted noexec? Name another folder"
        if beyond := set(self._entry.cpus) - set(self._allowed):
            return (
                f"it has no processor {min(beyond)} for us: choose from {','.join(map(str, self._allowed))}"
            )
        return ""
