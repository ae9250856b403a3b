"""A 64-bit atomic that is not aligned (microsoft/mimalloc#895) in an allocator of our own: seen and found."""

import json

import pytest

from pagewalk.build import build
from pagewalk.errors import Unavailable
from pagewalk.model import Job, Outcome, Run
from pagewalk.plugins import runner_named
from pagewalk.subjects import load_subject, prepare, resolve
from tests.end_to_end.conftest import ROOT, Command

pytestmark = pytest.mark.slow

UNALIGNED = "e6f564d580ac6f78145222cfec906f229b7af336"
"""It moves descriptors into an array of words, each behind a word that says how long it is."""
TIMES = 10


def runs(subject_name: str, name: str, runner_name: str) -> list[Run]:
    """Execute the churn of small blocks ten times with a revision."""
    subject, runner = load_subject(subject_name, ROOT), runner_named(runner_name)
    if reason := runner.unavailable():
        pytest.skip(reason)
    prepare(subject)
    try:
        artifact = build(subject, resolve(subject, name), "churn", runner.target, ROOT)
    except Unavailable as error:
        pytest.skip(str(error))
    return [runner.execute(Job(artifact, ("--size=64",), exact_loops=1)) for _ in range(TIMES)]


@pytest.mark.parametrize(("subject", "runner"), [("arena-musl", "qemu-armv7-musl"), ("arena", "qemu-armv7")])
def test_on_32_bit_arm_it_dies_of_sigbus_every_time_and_never_once_it_is_aligned(
    subject: str, runner: str
) -> None:
    before, after = (runs(subject, revision, runner) for revision in ("v1.1", "v1.2"))
    assert [run.crash.signal for run in before if run.crash] == ["SIGBUS"] * TIMES
    assert {run.crash.frames[0] for run in before if run.crash} == {"carve"}
    assert [run.outcome for run in after] == [Outcome.OK] * TIMES


def test_elsewhere_a_word_is_as_long_as_the_atomic_and_nothing_happens() -> None:
    assert {run.outcome for run in runs("arena", "v1.1", "qemu-riscv64")} == {Outcome.OK}


def test_the_commit_that_took_the_alignment_is_found(call: Command) -> None:
    asked = ("bisect", "--subject", "arena-musl", "--good", "v1.0", "--bad", "v1.1")
    case = ("-r", "qemu-armv7-musl", "-b", "Churn.*size=16\\)")
    done = call("pagewalk", *asked, *case, "--format", "json", check=False)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert (found["status"], found["first_bad"]) == ("found", UNALIGNED)
    assert found["posterior"] >= 0.99
