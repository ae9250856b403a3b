"""The smallest workload there is, executed to see whether a runner works at all."""

from pathlib import Path

from pagewalk.cache import cache_root
from pagewalk.errors import Unavailable
from pagewalk.files import write_whole
from pagewalk.model import Artifact, Job, Outcome, Run
from pagewalk.protocols import Runner
from pagewalk.reports.wording import printable

PROBE = Path(__file__).with_name("probe.sh")


def tried(runner: Runner) -> Run:
    """Return how the smallest workload there is fares on a runner; never raises for what is the runner's."""
    if reason := runner.unavailable():
        return Run(Outcome.UNSUPPORTED, facts={"failure": reason})
    try:
        script = _probe_script()
        artifact = Artifact((str(script),), runner.target, (script,))
        return runner.execute(Job(artifact, (), exact_loops=1, timeout=20.0))
    except Unavailable as error:
        return Run(Outcome.UNSUPPORTED, facts={"failure": str(error)})


def _probe_script() -> Path:
    """Return the smallest workload as a file of its own: an installed package may have lost its mode."""
    script = cache_root() / "probe.sh"
    write_whole(script, PROBE.read_bytes())
    script.chmod(0o755)
    return script


def require_ok(runner: Runner, run: Run) -> None:
    """Raise where a runner could not execute a workload.

    Raises:
        Unavailable: says what happened instead.
    """
    if run.outcome is not Outcome.OK:
        raise Unavailable(
            f"{runner.name} cannot measure: {trouble(run)}",
            "Mend that, or add it as it is: --no-check",
        )


def trouble(run: Run) -> str:
    lines = run.crash.last_output if run.crash else ()
    return printable(run.facts.get("failure", "") or " ".join(lines) or run.outcome.value)
