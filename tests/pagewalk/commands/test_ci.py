"""The gate as a command, on a real subject: each exit status, and what is not executed again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.pagewalk.commands import ticking

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ticking")]
EMULATED = "qemu-x86_64"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ticking.make(tmp_path_factory.mktemp("ticker"))


def executions(project: Path) -> int:
    logs = (project / "results").rglob("*.runs.jsonl")
    return sum(line.count('"run":') for path in logs for line in path.read_text().splitlines())


def test_same_bytes_are_reported_and_never_executed(project: Path) -> None:
    before = executions(project)
    done = ticking.ci(project, "base", "words")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "same artifact" in done.stdout
    assert executions(project) == before


def test_twice_the_work_is_a_regression_and_exact_counts_of_the_base_are_not_taken_again(
    project: Path,
) -> None:
    first = ticking.ci(project, "base", "slower", runner=EMULATED)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "instructions" in first.stdout
    before = executions(project)
    second = ticking.ci(project, "base", "faster", "--report", "json", runner=EMULATED)
    assert second.returncode == 0, second.stdout + second.stderr
    assert json.loads(second.stdout)["gate"]["reused"] == 1
    assert executions(project) - before == 2


def test_a_regression_of_sampled_time_is_found_turn_by_turn(project: Path) -> None:
    done = ticking.ci(project, "base", "slower", "--report", "junit:junit.xml", "--report", "benchstat:b.txt")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "<failure" in (project / "junit.xml").read_text()
    lines = (project / "b.txt").read_text().splitlines()
    assert sum(line.startswith("BenchmarkTick") for line in lines) == 12


def test_a_crash_and_a_failed_build_are_broken_and_a_threshold_does_not_change_that(project: Path) -> None:
    (project / "lax.toml").write_text('[[threshold]]\nbench = ""\nrelative = 9.0\n')
    for head, word in (("crash", "SIGABRT"), ("broken", "build-failed")):
        done = ticking.ci(project, "base", head, "--thresholds", "lax.toml", runner=EMULATED)
        assert done.returncode == 3, done.stdout + done.stderr
        assert word in done.stdout


def test_where_neither_side_builds_nothing_was_measured(project: Path) -> None:
    done = ticking.ci(project, "broken", "still-broken", runner=EMULATED)
    assert done.returncode == 4
    assert "Nothing could be built" in done.stderr


def test_an_exemption_lets_pass_until_it_expires(project: Path) -> None:
    today = datetime.now(UTC).date()
    for expires, status in ((today + timedelta(1), 0), (today - timedelta(2), 1)):
        (project / "gate.toml").write_text(
            f'[[exempt]]\nbench = "Tick"\nreason = "twice the work"\nexpires = {expires}\n'
        )
        done = ticking.ci(project, "base", "slower", "--no-run", runner=EMULATED)
        (project / "gate.toml").unlink()
        assert done.returncode == status, done.stdout + done.stderr
        assert "twice the work" in done.stdout
        assert ("expired" in done.stdout) == (status == 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--head", "nowhere"), "no revision 'nowhere'"),
        (("--head", "slower", "--report", "yaml"), "'yaml' is no report"),
        (("--head", "slower", "--report", "json:"), "names no file"),
        (("--head", "slower", "--link", "javascript:x"), "no web address"),
        (("--head", "slower", "--thresholds", "bad.toml"), "bad.toml:1: 'reason' is missing"),
    ],
)
def test_what_is_asked_wrongly_exits_with_2(project: Path, words: tuple[str, ...], told: str) -> None:
    (project / "bad.toml").write_text('[[exempt]]\nbench = "x"\nexpires = 2027-01-01\n')
    done = ticking.pagewalk(project, "ci", "--base", "base", "-s", "ticker", "-r", EMULATED, *words)
    assert done.returncode == 2, done.stdout + done.stderr
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
