"""Boards that may not, or cannot, record what is asked for: said with its reason before anything is sent."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.events import TIMELINE, EventKind
from pagewalk.model import Job, Outcome
from runners.ssh.runner import Ssh
from tests.runners.probed import tracing
from tests.runners.ssh.conftest import PAUSES
from tests.runners.ssh.loopback import SSHD, listening

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SSHD is None, reason="no sshd: apt-get install openssh-server"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root can take its own rights away"),
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
]

MakeJob = Callable[..., Job]
MakeBoard = Callable[..., Ssh]

NOBODY = "exec setpriv --reuid=65534 --regid=65534 --clear-groups"
UNMOUNTED = "exec unshare -m sh -c 'umount -l /sys/kernel/tracing; exec \"$@\"' sh"


@pytest.fixture
def reached(tmp_path: Path) -> Iterator[MakeBoard]:
    """Make a board where every command is executed by way of another one, or with another perf."""
    with ExitStack() as stack:
        # Where everybody may write, unlike in the folder of a test.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))
        folder.chmod(0o777)

        def make(by: str = "", perf: str = "") -> Ssh:
            options = [f'ForceCommand {by} sh -c "$SSH_ORIGINAL_COMMAND"'] if by else []
            environment = ""
            if perf:
                tool = tmp_path / "perf"
                tool.write_text(f"#!/bin/sh\n{perf}\n")
                tool.chmod(0o755)
                environment = f"PATH={tmp_path}:/usr/bin:/bin"
            sshd = stack.enter_context(listening(tmp_path, *options, environment=environment))
            board = Ssh(replace(sshd.entry, folder=str(folder / "board")), PAUSES)
            stack.callback(board.close)
            return board

        tracing()
        yield make


def test_who_is_not_root_there_places_no_probe_and_has_a_time_line_of_page_faults(
    reached: MakeBoard, job: MakeJob
) -> None:
    board = reached(by=NOBODY)
    with pytest.raises(Unavailable, match="only root may place probes there") as error:
        board.require_event("probe:malloc")
    assert "root@" in error.value.remedy
    run = board.execute(job("--pages=20", record=TIMELINE))
    assert run.outcome is Outcome.OK
    assert {event.kind for event in run.events} == {EventKind.FAULT}


def test_a_tracefs_that_is_not_mounted_is_said_with_what_mounts_it(reached: MakeBoard) -> None:
    with pytest.raises(Unavailable, match="its tracefs is not mounted") as error:
        reached(by=UNMOUNTED).require_event("probe:malloc")
    assert "There, as root: mount -t tracefs" in error.value.remedy


@pytest.mark.parametrize(
    ("perf", "words"),
    [
        ('case "$*" in *--control*) exit 129 ;; esac\nexec /usr/bin/perf "$@"', "no --control=fifo"),
        (
            'case "$*" in *pagewalk_job*) echo libtraceevent is necessary >&2; exit 129 ;; esac\n'
            'exec /usr/bin/perf "$@"',
            "cannot count a probe: libtraceevent is necessary",
        ),
    ],
    ids=["too old", "without libtraceevent"],
)
def test_a_perf_that_cannot_is_quoted_and_named(reached: MakeBoard, perf: str, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        reached(perf=perf).require_event("probe:malloc")
