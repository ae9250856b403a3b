"""What all emulated runners share: what no emulator can know, and an address space that repeats."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pagewalk.errors import Killed
from pagewalk.metrics import (
    CONTEXT_SWITCHES,
    METRICS,
    OVERHEAD,
    PAGE_FAULTS,
    PEAK_RSS,
    SETTLED_RSS,
    TASK_CLOCK,
    TIME,
)
from pagewalk.model import Missing, Outcome, Provenance, Run
from pagewalk.protocols import CounterSession
from runners import facts
from runners.execution.crash_record import PAGE_BY_ADDRESS
from runners.execution.process import BASE_ENVIRONMENT, Execution

NOT_MODELLED = "the simulated core has no such thing; a real one may count it: -r local"
"""Why a metric is missing that the model could have and has not."""

_PAGE_STATES = "pages."
"""How the facts begin that workloads tell of the state of their pages."""

FIXED = ("setarch", "-R")
"""What goes before a command line whose address space shall not be randomised."""

_NEVER = {
    TIME.name: "emulated: the wall clock of an emulator is not performance",
    TASK_CLOCK.name: "emulated: the processor time of an emulator is not performance",
    PAGE_FAULTS.name: "emulated: the host kernel serves the emulator's faults, not the workload's",
    CONTEXT_SWITCHES.name: "emulated: the host kernel switches the emulator, not the workload",
    **{
        metric.name: "emulated: the resident set is the emulator's"
        for metric in (PEAK_RSS, OVERHEAD, SETTLED_RSS)
    },
}


def offers(found: Mapping[str, Provenance | Missing], lacking: str) -> Mapping[str, Provenance | Missing]:
    """Return every metric as `found` has it, but for those that no emulator can know.

    Args:
        lacking: why what is not in `found` is missing.
    """
    never = {name: Missing(name, reason) for name, reason in _NEVER.items()}
    return {name: never.get(name) or found.get(name, Missing(name, lacking)) for name in METRICS}


def machine_facts(os: str, architecture: str, cpu: str) -> Mapping[str, str]:
    """Return the facts of a machine that is emulated; the same at every call, since asv compares them."""
    host = facts.host_facts()
    return {
        "os": os,
        "arch": architecture,
        "cpu": cpu,
        "num_cpu": "1",
        "ram": host["ram"],
        "page_size": host["page_size"],
    }


def execution(
    command: Sequence[str],
    environment: Mapping[str, str],
    session: CounterSession,
    timeout: float,
    folder: Path,
) -> Execution:
    """Return the execution of a command line that `session` counts, at an address space that repeats.

    Args:
        environment: the workload's variables besides the usual ones.
        timeout: seconds.
        folder: the working folder.
    """

    def arrange(variables: tuple[str, ...]) -> Sequence[str]:
        return (*FIXED, *variables, *session.wrap(command))

    variables = {**BASE_ENVIRONMENT, **environment}
    return Execution(
        arrange,
        variables,
        (session,),
        timeout,
        folder,
        control=False,
        cores=False,
        through="the emulator",
    )


def unrecorded(event: str) -> Run:
    """Return the run of a job that asks for call stacks of an event."""
    reason = f"{event} cannot be recorded under emulation: the kernel sees the emulator's only"
    return Run(Outcome.UNSUPPORTED, facts={"failure": reason})


def without_pages(run: Run) -> Run:
    """Take back what the workload read of its pages: the page tables are the emulator's."""
    run = replace(run, facts={n: text for n, text in run.facts.items() if not n.startswith(_PAGE_STATES)})
    if run.crash is None or not run.crash.page:
        return run
    known = {word: text for word, text in run.crash.page.items() if word in PAGE_BY_ADDRESS}
    reason = {"present, dirty, huge": "not known: under emulation the page tables are the emulator's"}
    return replace(run, crash=replace(run.crash, page={**known, **reason}))


def unfixed() -> str:
    """Return why the address space cannot be fixed here; empty where it can."""
    if output(*FIXED, "echo", "fixed").strip() == "fixed":
        return ""
    return (
        "setarch -R cannot fix the address space, which exact counters need: a container's seccomp "
        "filter? Run it with --security-opt seccomp=unconfined"
    )


def output(*command: str) -> str:
    """Return what a short command prints; nothing where it cannot be executed.

    Raises:
        Killed: somebody killed it.
    """
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if done.returncode == -signal.SIGKILL:
        raise Killed(command[0])
    return done.stdout
