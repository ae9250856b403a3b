"""asv's door: an environment that builds the subject's workloads at a commit for a runner's target.

asv imports this module because asv.conf.json lists it under `plugins`. Which runner measures is said by
`asv run --machine NAME` (the runner's machine name) or by PAGEWALK_RUNNER; `local` where neither is.
Leans on asv 0.6's `Environment`; tests/runners/test_asv_environment.py holds what is leant on.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from asv.console import log
from asv.environment import Environment
from asv.machine import MachineCollection
from asv.util import UserError, check_output

from pagewalk.build import build
from pagewalk.errors import BuildFailed, PagewalkError
from pagewalk.history.asvfile import ENVIRONMENT, PYTHON
from pagewalk.plugins import load_runners, runner_named
from pagewalk.protocols import Runner
from pagewalk.subjects import Subject, load_subject, prepare, resolve
from pagewalk.suite import discover
from pagewalk.suite.workload import LANGUAGE_VARIABLE

DEFAULT_RUNNER = "local"


def setup() -> None:
    """Make the subject's repository before asv opens it; asv calls this when it has loaded the plugin."""
    try:
        prepare(_subject(Path.cwd()))
        runner = chosen_runner(sys.argv)
        _know_machine(runner)
    except PagewalkError as error:
        raise UserError(str(error)) from error


def chosen_runner(argv: list[str]) -> Runner:
    """Return the runner that the command line or the environment names.

    Raises:
        PagewalkError: PAGEWALK_RUNNER and `--machine` name different places: results of one would be
            filed under the other.
    """
    machine = _option(argv, "--machine")
    wanted = os.environ.get("PAGEWALK_RUNNER", "")
    if not wanted:
        known = {runner.machine: runner for runner in load_runners()[0]}
        return known.get(machine) or runner_named(DEFAULT_RUNNER)
    runner = runner_named(wanted)
    if runner.name != DEFAULT_RUNNER and machine != runner.machine:
        raise PagewalkError(
            f"PAGEWALK_RUNNER is {wanted}, and asv would file its results under {machine or 'this machine'}.",
            f"Add --machine {runner.machine}: what was measured elsewhere is never filed under this machine.",
        )
    return runner


class PagewalkEnvironment(Environment):  # type: ignore[misc] # asv has no types
    """The workloads of a commit, built for the runner's target, cached by content."""

    tool_name = ENVIRONMENT

    def __init__(self, conf: Any, _python: str, requirements: Any, tagged_env_vars: Any) -> None:
        self._root = Path.cwd()
        self._subject = _subject(self._root)
        self._runner = chosen_runner(sys.argv)
        self._sitting = tempfile.TemporaryDirectory(prefix="pagewalk-asv-")
        super().__init__(conf, PYTHON, requirements, tagged_env_vars)
        # Nothing of Python is installed: asv_runner and pagewalk come from the interpreter that runs asv.
        self._base_requirements: dict[str, str] = {}

    @classmethod
    def matches(cls, python: str) -> bool:
        return python == PYTHON

    @property
    def name(self) -> str:
        return ENVIRONMENT

    @property
    def dir_name(self) -> str:
        return f"{self._subject.name}-{self._runner.name}"

    def check_presence(self) -> bool:
        return Path(self._path).is_dir()

    def _setup(self) -> None:
        Path(self._path).mkdir(parents=True, exist_ok=True)

    def _uninstall_project(self) -> None:
        self._set_installed_commit_hash(None)

    def _build_project(self, _repo: Any, commit_hash: str, _build_dir: str) -> None:
        try:
            revision = resolve(self._subject, commit_hash)
            for program in sorted({case.program for case in discover(self._root, self._subject)}):
                build(self._subject, revision, program, self._runner.target, self._root, log.info)
        except BuildFailed as error:
            raise UserError(f"{error}\n{error.log}") from error
        except PagewalkError as error:
            raise UserError(str(error)) from error

    def _install_project(self, _repo: Any, _commit_hash: str, _build_dir: str) -> None:
        """Nothing to install: benchmarks find what was built by its content."""

    def run(self, args: list[str], **kwargs: Any) -> Any:
        environment = dict(kwargs.pop("env", None) or os.environ)
        environment |= self._global_env_vars
        environment |= {
            "PAGEWALK_ROOT": str(self._root),
            "PAGEWALK_SUBJECT": self._subject.name,
            "PAGEWALK_RUNNER": self._runner.name,
            "PAGEWALK_SITTING": self._sitting.name,
            LANGUAGE_VARIABLE: self._subject.language,
        }
        return check_output([sys.executable, *args], env=environment, **kwargs)


def _subject(root: Path) -> Subject:
    return load_subject(os.environ.get("PAGEWALK_SUBJECT", "go"), root)


def _know_machine(runner: Runner) -> None:
    """Tell asv of an emulated machine or a board that was asked for by name; asv only knows the host."""
    if runner.name == DEFAULT_RUNNER:
        return
    try:
        MachineCollection.load(runner.machine)
    except UserError:
        facts = runner.facts()
        fields = {name: facts.get(name, "") for name in ("os", "arch", "cpu", "num_cpu", "ram")}
        MachineCollection.save(runner.machine, {"machine": runner.machine, **fields})


def _option(argv: list[str], name: str) -> str:
    for index, word in enumerate(argv):
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if word == name and index + 1 < len(argv):
            return argv[index + 1]
    return ""
