"""The marks: counting begins and ends where the region does, in the order that the contract gives."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from driving_workloads import objects, run

MARK = 0x70616765
ACK, PERFS_ACK = b"ack\n", b"ack\n\0"  # perf sends sizeof "ack\n"


@dataclass(frozen=True, slots=True)
class Counter:
    """The counting end of the control channel of a workload that is running."""

    process: subprocess.Popen[bytes]
    commands: int
    answers: int

    def hear(self) -> bytes:
        return os.read(self.commands, 100)

    def answer(self, word: bytes) -> None:
        os.write(self.answers, word)

    def end(self) -> tuple[int, str, str]:
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, output.decode(), errors.decode()


@pytest.fixture
def counter(engine: Path) -> Iterator[Counter]:
    """A workload that was started with a control channel."""
    commands, control = os.pipe()
    acknowledge, answers = os.pipe()
    with subprocess.Popen(
        [engine, "--loops=1"],
        env={**os.environ, "PAGEWALK_CONTROL": f"{control},{acknowledge}"},
        pass_fds=(control, acknowledge),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(control)
        os.close(acknowledge)
        yield Counter(process, commands, answers)
        process.kill()
    os.close(commands)


@pytest.mark.parametrize("word", [ACK, PERFS_ACK])
def test_it_enables_waits_disables_and_waits(counter: Counter, word: bytes) -> None:
    assert counter.hear() == b"enable\n"
    os.set_blocking(counter.commands, False)
    with pytest.raises(BlockingIOError):
        counter.hear()
    os.set_blocking(counter.commands, True)
    counter.answer(word)
    assert counter.hear() == b"disable\n"
    assert counter.process.poll() is None
    counter.answer(word)
    assert counter.hear() == b""
    os.close(counter.answers)
    status, output, _ = counter.end()
    assert status == 0
    assert sum("region" in line for line in objects(output)) == 1


@pytest.mark.parametrize("word", [b"no\n", b"nack\n", b"ack", b"a"])
def test_an_answer_that_is_none_ends_it_with_status_71(counter: Counter, word: bytes) -> None:
    assert counter.hear() == b"enable\n"
    counter.answer(word)
    os.close(counter.answers)
    status, output, errors = counter.end()
    assert status == 71
    assert "PAGEWALK_CONTROL: expected ack" in errors
    assert not any("region" in line for line in objects(output))


def test_a_counter_that_went_away_ends_it_with_status_71(counter: Counter) -> None:
    assert counter.hear() == b"enable\n"
    os.close(counter.answers)
    status, _, errors = counter.end()
    assert status == 71
    assert "PAGEWALK_CONTROL" in errors


@pytest.mark.parametrize("text", ["", "3", "a,b", "3,", "3,4x", "3,4,5", "-1,4", "3,-1"])
def test_a_control_channel_that_is_none_ends_it_with_status_64(engine: Path, text: str) -> None:
    said = run(engine, "--loops=1", environment={"PAGEWALK_CONTROL": text})
    assert said.status == 64
    assert said.stderr == "PAGEWALK_CONTROL: expected two file descriptors, as 3,4\n"


def test_descriptors_that_are_not_open_end_it_with_status_71(engine: Path) -> None:
    said = run(engine, "--loops=1", environment={"PAGEWALK_CONTROL": "900,901"})
    assert said.status == 71
    assert "PAGEWALK_CONTROL" in said.stderr


@pytest.mark.slow
def test_the_mark_of_the_kernel_encloses_nothing_but_the_region(engine: Path, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("no strace: apt-get install strace")
    log, words, answers = (tmp_path / name for name in ("log", "words", "answers"))
    os.mkfifo(answers)
    holder = os.open(answers, os.O_RDWR)
    # Two reads of up to 16 bytes: each answer is padded to that.
    os.write(holder, (ACK + bytes(12)) * 2)
    with words.open("wb") as written:
        subprocess.run(
            ["strace", "-f", "-o", log, "-e", "trace=prctl,write,read", engine, "--loops=1"],
            env={**os.environ, "PAGEWALK_CONTROL": f"{written.fileno()},{holder}"},
            pass_fds=(written.fileno(), holder),
            stdout=subprocess.DEVNULL,
            check=True,
        )
    os.close(holder)
    calls = re.findall(
        rf'"((?:en|dis)able)\\n"|read\(\d+, "(ack)|prctl\({MARK:#x}[^,]*, (0x[12]|[12]), 0', log.read_text()
    )
    order = ["".join(call).removeprefix("0x") for call in calls]
    assert order == ["enable", "ack", "1", "2", "disable", "ack"]
    assert words.read_bytes() == b"enable\ndisable\n"
