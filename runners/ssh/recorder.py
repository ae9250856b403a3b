"""What a board can record, asked once, and how it is told to."""

from pagewalk.errors import ConfigError, Unavailable
from pagewalk.events import TIMELINE
from pagewalk.model import Job, Target
from runners.counters.events.names import asked_as, unknown_event
from runners.counters.events.table import Processor
from runners.counters.perf.record_plan import FAULTS, plan_of, plan_of_calls
from runners.counters.perf.stat_csv import NOT_SUPPORTED
from runners.counters.perf.timeline import TRACEPOINTS, timeline_plan
from runners.counters.probes.arguments import PREFIX, Asked, asked, is_probe
from runners.counters.probes.pauses import START, STOP, Pauses, has_world
from runners.ssh.answer import Answer
from runners.ssh.board import Board
from runners.ssh.counting import NO_CONTROL, NO_PERF
from runners.ssh.facts import is_32_bit_on_64
from runners.ssh.placement import Placement
from runners.ssh.probing import BoardProbes, board_probes, group_of, require_probes_on
from runners.ssh.recording import INSTEAD
from runners.ssh.recordings import CallRecording, Recording, StackRecording, TimelineRecording

_NO_SUCH_EVENT = "129"  # perf's exit status for what it cannot parse (tools/lib/subcmd/parse-options.c)


class BoardRecorder:
    """The recorder of one board.

    Args:
        processor: the board's, whose events they are.
        target: of what is executed there.
    """

    def __init__(self, board: Board, processor: Processor, target: Target) -> None:
        self._board = board
        self._processor = processor
        self._target = target
        self._able: set[str] = set()
        self._traced: frozenset[str] | None = None

    def require(self, event: str) -> None:
        """Check that something can be recorded, before anything is built or sent for it.

        Raises:
            ConfigError: there is no such event; names the right one.
            Unavailable: there is, and this board cannot.
        """
        if is_probe(event):
            asked(event)
            event = PREFIX
        elif event == TIMELINE:
            event = FAULTS
        if event not in self._able:
            self._try(event)
            self._able.add(event)

    def recording(self, job: Job, placement: Placement, ident: str) -> Recording:
        """Return what an execution named `ident` records.

        Raises:
            ConfigError: there is no such event or function; names the right one.
            Unavailable: this board cannot.
        """
        self.require(job.record)
        if job.record == TIMELINE:
            return self._timeline(job, placement, ident)
        if is_probe(job.record):
            called = self._stood(asked(job.record), job, placement, group_of(ident))
            return CallRecording(plan_of_calls(job, called.probes), called)
        # arm64's perf unwinds 32-bit stacks as if they were its own, and takes what it finds for callers.
        unwound = not is_32_bit_on_64(self._board.facts, self._target)
        return StackRecording(plan_of(job, self._processor, unwound=unwound))

    def _try(self, event: str) -> None:
        if "tool_perf" not in self._board.facts:
            raise Unavailable(f"{self._board.name}: nothing can be recorded: {NO_PERF}")
        tried = self._board.try_events(asked_as(FAULTS if event == PREFIX else event, self._processor))
        if problem := self._problem(event, tried):
            raise problem
        if event == PREFIX:
            require_probes_on(self._board, self._target)

    def _problem(self, event: str, tried: Answer) -> ConfigError | Unavailable | None:
        if tried.text("status") == _NO_SUCH_EVENT:
            return unknown_event(event, self._processor)
        if tried.text("status") != "0" or NOT_SUPPORTED in tried.text("csv"):
            return Unavailable(
                f"the board's kernel offers no PMU event {event} (a virtual machine?)", INSTEAD
            )
        if tried.text("control") != "0":
            return Unavailable(f"{self._board.name}: nothing can be recorded: {NO_CONTROL}")
        return None

    def _timeline(self, job: Job, placement: Placement, ident: str) -> TimelineRecording:
        world = self._world(job, placement, ident)
        pauses = Pauses(*(one.probes for one in world)) if world else None
        return TimelineRecording(timeline_plan(pauses, self._tracepoints()), world)

    def _world(self, job: Job, placement: Placement, ident: str) -> tuple[BoardProbes, BoardProbes] | None:
        if not has_world(job.artifact):
            return None
        try:
            self.require(PREFIX)
            stop, start = (
                self._stood(Asked(name), job, placement, group_of(ident, number))
                for number, name in enumerate((STOP, START))
            )
        except (ConfigError, Unavailable):  # a Go that calls them otherwise, or not for us: no pauses
            return None
        return stop, start

    def _tracepoints(self) -> frozenset[str]:
        """Return those of a time line's that its perf can count: all that its kernel describes, or none."""
        if self._traced is None:
            found = TRACEPOINTS.keys() & self._board.facts.text("tracepoints").split()
            able = found and self._board.try_events(",".join(sorted(found))).text("status") == "0"
            self._traced = frozenset(found if able else ())
        return self._traced

    def _stood(self, what: Asked, job: Job, placement: Placement, group: str) -> BoardProbes:
        return board_probes(what, job.artifact, lambda file: placement.names(file, self._board.folder), group)
