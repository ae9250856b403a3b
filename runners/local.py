"""This machine, natively: times, the kernel's counters and, where there is a PMU, the hardware's."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from pagewalk.metrics import METRICS, PAGE_FAULTS
from pagewalk.model import Job, Missing, Outcome, Provenance, Run, Target
from pagewalk.protocols import CounterSession, CounterSource, Runner
from runners import facts, processors, state
from runners.counters.events.sysfs import core_pmus
from runners.counters.perf.stat import PerfStat
from runners.counters.perf_event_open import PerfEventOpen
from runners.counters.plugins import native_plugins
from runners.counters.process_status import ProcessStatus
from runners.executable import unsupported
from runners.execution.process import BASE_ENVIRONMENT, Execution, execute
from runners.execution.scratch import scratch_folders
from runners.heat import heat, throttled
from runners.recording import record, require_recorded

MOST_PADDING = 4096
"""Bytes by which the environment of an execution may be longer than of the next, drawn anew by its seed."""

NO_SOURCE = "no hardware or kernel counts it; the emulated runners may simulate it: -r qemu-x86_64"


def discover() -> Sequence[Runner]:
    """Return the one runner that every machine has."""
    return (Local(),)


class Local:
    """The host itself, address-space randomisation left on."""

    name = "local"
    emulated = False

    @cached_property
    def machine(self) -> str:
        return facts.asv_machine_name()

    @cached_property
    def target(self) -> Target:
        return Target(facts.host_architecture())

    def unavailable(self) -> str:
        """Empty: whoever can ask can execute."""
        return ""

    def facts(self) -> Mapping[str, str]:
        return {**facts.host_facts(), **self._identity, **state.settings(processors.allowed())}

    def moment(self) -> Mapping[str, str]:
        """Return load, frequency, and whether the processors are or were slowed down for heat."""
        cpus = processors.allowed()
        return {**state.moment(cpus), **heat(cpus).facts()}

    def availability(self) -> Mapping[str, Provenance | Missing]:
        offers = [source.availability() for source in self._sources]
        return {name: first_offer(name, offers) for name in METRICS}

    def execute(self, job: Job) -> Run:
        """Execute once, pinned to one processor unless the workload has threads.

        Raises:
            Unavailable: a counter that was there is gone, or recorded something else.
            ConfigError: `$PAGEWALK_CPUS` makes no sense, or there is no such event to record.
        """
        if refused := unsupported(job, self.target):
            return refused
        return record(job, self._execute) if job.record else self._count(job)

    def require_event(self, event: str) -> None:
        """Check that an event can be recorded with its call stacks here.

        Raises:
            ConfigError: there is no such event; names the right one.
            Unavailable: there is, and it cannot be recorded here.
        """
        require_recorded(event)

    @cached_property
    def _identity(self) -> Mapping[str, str]:
        """Of the machine, which stays while this process lives."""
        return state.identity()

    @cached_property
    def _counters(self) -> CounterSource:
        """The kernel's door if it opens, else perf's, which may have capabilities that we lack.

        Where there are two kinds of core, perf's: it opens every event on both.
        """
        direct, perf = PerfEventOpen(), PerfStat()
        for source in (perf, direct) if len(core_pmus()) > 1 else (direct, perf):
            if isinstance(source.availability().get(PAGE_FAULTS.name), Provenance):
                return source
        return direct

    @cached_property
    def _sources(self) -> tuple[CounterSource, ...]:
        """All that counts; where several have a metric, the first one's value is taken."""
        return (ProcessStatus(), self._counters, *native_plugins())

    def _count(self, job: Job) -> Run:
        with scratch_folders() as (scratch, work):
            sessions = tuple(_open(source, scratch, job) for source in self._sources)
            run = self._execute(job, sessions, work)
        return complete(run, self.availability()) if run.outcome is Outcome.OK else run

    def _execute(self, job: Job, sessions: tuple[CounterSession, ...], work: Path) -> Run:
        command = (*job.artifact.command, *job.arguments, f"--seed={job.seed}")

        def arrange(environment: tuple[str, ...]) -> Sequence[str]:
            line: Sequence[str] = (*environment, *command)
            for session in sessions:
                line = session.wrap(line)
            return line

        cpus = processors.for_job(job.threads)
        padding = random.Random(job.seed).randrange(MOST_PADDING)
        variables = {**BASE_ENVIRONMENT, **job.artifact.environment, "PAGEWALK_PAD": "x" * padding}
        relayed = isinstance(self._counters, PerfStat) and not job.record
        through = "perf" if relayed or job.record else ""
        before = heat(cpus)
        run = execute(
            Execution(arrange, variables, sessions, job.timeout, work, cpus, relayed=relayed, through=through)
        )
        told = {
            "cpus": ",".join(map(str, sorted(cpus))),
            "padding": str(padding),
            **self._identity,
            **state.settings(cpus),
            **state.moment(cpus),
            **throttled(before, heat(cpus)),
        }
        return replace(run, facts={**run.facts, **told})


def first_offer(metric: str, offers: Sequence[Mapping[str, Provenance | Missing]]) -> Provenance | Missing:
    """Return how the first source that has `metric` obtains it, else why the first that knows it has not."""
    known = [offer[metric] for offer in offers if metric in offer]
    usable = [value for value in known if isinstance(value, Provenance)]
    return next(iter((*usable, *known)), Missing(metric, NO_SOURCE))


def _open(source: CounterSource, scratch: Path, job: Job) -> CounterSession:
    folder = scratch / source.name
    folder.mkdir()
    return source.open(folder, job)


def complete(run: Run, availability: Mapping[str, Provenance | Missing]) -> Run:
    """Return `run` with a reason for every metric that it has no sample of."""
    had = {sample.metric for sample in run.samples} | {missing.metric for missing in run.missing}
    more = [
        value if isinstance(value, Missing) else Missing(name, "nothing was counted")
        for name, value in availability.items()
        if name not in had
    ]
    return replace(run, missing=(*run.missing, *more))
