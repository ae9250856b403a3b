"""What is said where there is no guest to speak to."""

from pathlib import Path

import pytest

from pagewalk.model import Artifact, Job, Outcome
from runners.qemu_system.connection import GuestConnection
from runners.qemu_system.guests import GUESTS
from runners.qemu_system.runner import QemuSystem
from runners.ssh.connection import Lost


def _silent(_line: str) -> None:
    pass


def test_only_installing_boots_a_guest_and_any_other_question_says_that_none_runs() -> None:
    connection = GuestConnection(GUESTS["arm64"], "qemu-system-arm64", _silent)
    with pytest.raises(Lost, match="does not run"):
        connection.ask("forget", "0123")
    connection.hang_up()
    connection.hang_up()


def test_a_machine_without_debians_tools_says_which_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert QemuSystem("riscv64").unavailable() in ("", QemuSystem("arm64").unavailable())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get is not installed" in QemuSystem("riscv64").unavailable()


def test_a_workload_of_another_architecture_is_refused_before_anything_is_booted(workload: Path) -> None:
    runner = QemuSystem("riscv64")
    if reason := runner.unavailable():
        pytest.skip(reason)
    artifact = Artifact((str(workload),), runner.target, (workload,))
    run = runner.execute(Job(artifact, (), exact_loops=1))
    assert run.outcome is Outcome.UNSUPPORTED
    assert "this runner executes riscv64" in run.facts["failure"]
