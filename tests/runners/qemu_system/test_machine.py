"""No emulator is left behind, however its owner ends; a sleeping shell stands for the emulator."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runners.qemu_system.emulator import Emulator
from runners.qemu_system.guests import GUESTS
from runners.qemu_system.image import Image
from runners.qemu_system.machine import Booted, boot, command_line

GUEST = GUESTS["riscv64"]

OWNER = """
import sys, time
from pathlib import Path
from tests.runners.qemu_system.test_machine import started
booted = started(Path(sys.argv[1]))
print("started", flush=True)
time.sleep(60)
"""


def _image(folder: Path) -> Image:
    return Image(folder / "kernel", folder / "initramfs", {})


def started(folder: Path) -> Booted:
    """Boot what writes its number down and then sleeps."""
    script = folder / "emulator"
    script.write_text(f'echo $$ >"{folder}/part" && mv "{folder}/part" "{folder}/pid"; exec sleep 60\n')
    booted = boot(Emulator(("/bin/sh", str(script)), "0"), GUEST, _image(folder), folder / "errors")
    while not (folder / "pid").exists():
        time.sleep(0.01)
    return booted


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _gone_soon(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not _lives(pid)


def test_a_guest_that_is_stopped_is_gone_and_stopping_it_again_is_no_harm(tmp_path: Path) -> None:
    booted = started(tmp_path)
    pid = int((tmp_path / "pid").read_text())
    assert _lives(pid)
    booted.stop()
    booted.stop()
    assert not _lives(pid)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_guest_does_not_outlive_its_owner(tmp_path: Path, number: int) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, tmp_path], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"started\n"
        pid = int((tmp_path / "pid").read_text())
        os.kill(owner.pid, number)
    assert _gone_soon(pid)


def test_the_clock_counts_instructions_and_nothing_is_random(tmp_path: Path) -> None:
    line = " ".join(command_line(Emulator(("qemu",), "0"), GUEST, _image(tmp_path), 5, 6))
    for words in ("-icount shift=0,sleep=off", "-seed 42", "nokaslr norandmaps", "clock=vm", "sscofpmf=true"):
        assert words in line
