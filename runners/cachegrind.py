"""A second opinion: this architecture's workloads under cachegrind, on request (`-r cachegrind`).

Two executions a run, one of twice the length, see `runners.counters.cachegrind`. A peer of the
emulator `qemu-<architecture>`: the same caches, counted by other people's code.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Outcome, Provenance, Run, Target
from pagewalk.protocols import Runner
from runners import emulated, facts
from runners.counters.cachegrind import TOOL, Cachegrind, CachegrindSession
from runners.executable import unsupported
from runners.execution.process import execute
from runners.execution.scratch import scratch_folders
from runners.local import complete
from runners.memsim.geometries import REFERENCES

SLOWDOWN = 60
"""By how much longer a workload may take than its job says; cachegrind takes 20 to 50 times as long."""


def discover() -> Sequence[Runner]:
    """Return a runner for this host's architecture, also where valgrind is missing: it says so."""
    architecture = facts.host_architecture()
    return (CachegrindRunner(architecture),) if architecture in REFERENCES else ()


class CachegrindRunner:
    """This host's architecture, its caches simulated."""

    name = "cachegrind"
    emulated = True

    def __init__(self, architecture: str) -> None:
        self.machine = f"cachegrind-{architecture}"
        self.target = Target(architecture)
        self._counters = Cachegrind(architecture)

    def unavailable(self) -> str:
        return self._probe

    def facts(self) -> Mapping[str, str]:
        """The machine that is simulated; the same at every call, since asv compares it."""
        cpu = f"cachegrind {self._counters.geometry.name} geometry, {self._version}"
        return emulated.machine_facts("Linux (valgrind)", self.target.architecture, cpu)

    def availability(self) -> Mapping[str, Provenance | Missing]:
        found = {} if self._probe else self._counters.availability()
        return emulated.offers(found, self._probe or emulated.NOT_MODELLED)

    def execute(self, job: Job) -> Run:
        """Execute twice, and return the counts of the difference; the first one's end where it is a bad one.

        Raises:
            Unavailable: valgrind is missing.
        """
        if self._probe:
            raise Unavailable(f"{self.name}: {self._probe}")
        if refused := unsupported(job, self.target, scripts=False):
            return refused
        if job.record:
            return emulated.unrecorded(job.record)
        short, session = self._once(job, job.exact_loops, None)
        if short.outcome is not Outcome.OK:
            return short
        run, _ = self._once(job, 2 * job.exact_loops, session)
        return complete(run, self.availability()) if run.outcome is Outcome.OK else run

    def _once(self, job: Job, loops: int, before: CachegrindSession | None) -> tuple[Run, CachegrindSession]:
        command = (*job.artifact.command, *job.arguments, f"--loops={loops}", f"--seed={job.seed}")
        with scratch_folders() as (scratch, work):
            session = self._counters.since(before, scratch)
            timeout = job.timeout * SLOWDOWN
            execution = emulated.execution(command, job.artifact.environment, session, timeout, work)
            run = execute(replace(execution, killed_itself=session.killed_itself))
            return emulated.without_pages(run), session

    @cached_property
    def _version(self) -> str:
        return emulated.output(TOOL, "--version").strip()

    @cached_property
    def _probe(self) -> str:
        """Why nothing can be executed here; empty when all is well."""
        if shutil.which(TOOL) is None or not self._version:
            return f"{TOOL} is not installed: apt-get install {TOOL}"
        return emulated.unfixed()
