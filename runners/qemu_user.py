"""Other architectures, and this one, under qemu's user mode: exact counters, never times.

Everything is fixed that could move a count: address space (`setarch -R`, `OWN`), start value of the
emulator's random numbers (`-seed`), environment, loops. Source: QEMU user space emulator
manual, https://www.qemu.org/docs/master/user/main.html
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from pagewalk.config import nearest
from pagewalk.errors import Unavailable
from pagewalk.last_will import MARK
from pagewalk.metrics import ITLB_MISSES
from pagewalk.model import Job, Missing, Outcome, Provenance, Run, Target
from pagewalk.protocols import Runner
from runners import emulated
from runners.counters.events.choice import asked_for
from runners.counters.memsim import EMULATORS, RECORDABLE, Memsim
from runners.counters.memsim_session import REPLACED
from runners.executable import unsupported
from runners.execution.process import execute
from runners.execution.scratch import scratch_folders
from runners.local import complete
from runners.memsim.geometries import known_cores

ARCHITECTURES = ("x86_64", "arm64", "riscv64")
"""Those that get a runner."""

ON_REQUEST = (Target("armv7"), Target("armv7", "musl"))
"""Targets of further runners, for those who name them: few subjects are built for them."""

SLOWDOWN = 20
"""By how much longer a workload may take than its job says; plain emulation takes 3 to 40 times as long."""

OWN = {"MALLOC_ARENA_MAX": "1"}
"""Variables of the emulator's own, which the workload does not see. A thread of QEMU 10 has an arena of its
own made while the guest's stack is mapped: which came first would move the stack from run to run."""

OWN_ROOM = dict.fromkeys(("arm64", "riscv64"), ("-R", "0x3f00000000"))
"""An address space of 252 GiB of the guest's own, from QEMU 9 on, where it would get what the host has left.
x86_64 has none: QEMU reserves nothing for a guest that has a page at the very top (vsyscall)."""

_REMEDY = "apt-get install qemu-user"
_VERSION = re.compile(r"version (\d+(?:\.\d+){1,3})")


def discover() -> Sequence[Runner]:
    """Return a runner per architecture, also where its emulator is missing: it says what to install."""
    return tuple(QemuUser(Target(architecture)) for architecture in ARCHITECTURES)


def discover_on_request() -> Sequence[Runner]:
    """Return a runner per target of `ON_REQUEST`, and per real core, as `qemu-x86_64-zen3`."""
    others = (QemuUser(target) for target in ON_REQUEST)
    cores = (QemuUser(Target(name), core) for name in ARCHITECTURES for core in known_cores(name))
    return (*others, *cores)


class QemuUser:
    """One architecture under emulation.

    Args:
        target: of an architecture in `runners.counters.memsim.EMULATORS`.
        core: whose TLBs and caches are modelled; empty for the architecture's reference geometry.
    """

    emulated = True

    def __init__(self, target: Target, core: str = "") -> None:
        words = ("qemu", target.architecture, "musl" if target.libc == "musl" else "", core)
        self.name = self.machine = "-".join(filter(None, words))
        self.target = target
        self._binary = EMULATORS[target.architecture]
        self._counters = Memsim(target.architecture, core, fetches=ITLB_MISSES.name in asked_for())

    def unavailable(self) -> str:
        return self._probe

    def facts(self) -> Mapping[str, str]:
        """The machine that is emulated; the same at every call, since asv compares it."""
        cpu = f"memsim {self._counters.geometry.name} geometry, {self._binary} {self._version}".rstrip()
        return emulated.machine_facts("Linux (qemu-user)", self.target.architecture, cpu)

    def availability(self) -> Mapping[str, Provenance | Missing]:
        found = {} if self._probe else self._counters.availability()
        return emulated.offers(found, self._probe or emulated.NOT_MODELLED)

    def execute(self, job: Job) -> Run:
        """Execute once, with a fixed number of loops.

        Raises:
            Unavailable: the emulator or the counters' plugin is missing, or has no room for its counts.
        """
        if self._probe:
            raise Unavailable(f"{self.name}: {self._probe}")
        if refused := unsupported(job, self.target, scripts=False):
            return refused
        if job.record:
            return self._execute(job) if job.record in RECORDABLE else emulated.unrecorded(job.record)
        run = self._execute(job)
        return complete(run, self.availability()) if run.outcome is Outcome.OK else run

    def _execute(self, job: Job) -> Run:
        loops = (f"--loops={job.exact_loops}", f"--seed={job.seed}")
        inside, outside = _split(job.artifact.environment)
        command = (*self.emulator, *inside, *job.artifact.command, *job.arguments, *loops)
        with scratch_folders() as (scratch, work):
            session = self._counters.open(scratch, job)
            timeout = job.timeout * SLOWDOWN
            execution = emulated.execution(command, outside, session, timeout, work)
            run = execute(replace(execution, killed_itself=session.killed_itself))
            if run.outcome is Outcome.FAILED and not session.begun():
                raise self._not_begun(run)
            if session.replaced():
                return Run(Outcome.UNSUPPORTED, facts={**run.facts, "failure": REPLACED})
            if job.record and run.outcome is Outcome.OK:
                program = Path(job.artifact.command[-1]).name
                return replace(run, samples=(), missing=(), folded=session.folded(program))
            return emulated.without_pages(run)

    def _not_begun(self, run: Run) -> Unavailable:
        """Return the error of an emulator that ended before the workload began, which is nobody's result."""
        said = run.crash.last_output[:1] if run.crash else ()
        return Unavailable(
            f"{self.name}: the emulator did not begin: {''.join(said)}",
            "Is the disk full? Name a folder with room: export TMPDIR=/some/folder",
        )

    def require_event(self, event: str) -> None:
        """Check that an event is one that the model counts.

        Raises:
            Unavailable: it is not; names those that are.
        """
        if event not in RECORDABLE:
            close = nearest(event.lower().replace("-", "_"), RECORDABLE, 1)
            did_you_mean = f"Did you mean {close[0]}? " if close else ""
            raise Unavailable(
                f"{self.name}: {event} cannot be recorded under emulation",
                f"{did_you_mean}Take --event {', '.join(RECORDABLE)}; or profile natively: -r local.",
            )

    @property
    def emulator(self) -> tuple[str, ...]:
        """What goes before a workload's command line, with all that makes it repeat but the environment."""
        # The mark that processes are found by is random, and no concern of the workload's.
        hidden = (word for name in (MARK, *OWN) for word in ("-U", name))
        room = OWN_ROOM.get(self.target.architecture, ()) if self._is_newer else ()
        return (shutil.which(self._binary) or self._binary, "-seed", "1", *room, *hidden)

    @cached_property
    def _version(self) -> str:
        if shutil.which(self._binary) is None:
            return ""
        match = _VERSION.search(emulated.output(self._binary, "--version"))
        return match[1] if match else "of an unknown version"

    @property
    def _is_newer(self) -> bool:
        major = self._version.partition(".")[0]
        return major.isdecimal() and int(major) >= 9

    @cached_property
    def _probe(self) -> str:
        """Why nothing can be executed here; empty when all is well."""
        if not self._version:
            return f"{self._binary} is not installed: {_REMEDY}"
        return emulated.unfixed()


def _split(environment: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return options for the emulator, and variables of its own environment, which it hands down.

    What is obeyed by the dynamic loader, or is set for the emulator alone, must not reach the emulator
    itself; all else goes the second way, since `-E` splits a value at its commas.
    """
    kept = {name: value for name, value in environment.items() if name.startswith("LD_") or name in OWN}
    inside = [option for name, value in kept.items() for option in ("-E", f"{name}={value}")]
    return tuple(inside), {**{name: environment[name] for name in environment if name not in kept}, **OWN}
