"""Slowdowns for heat: counted where the kernel counts them, else seen as a limit that is in force."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.heat import Heat, heat, heat_told, throttled
from runners.ssh import program

COUNTS = st.none() | st.integers(0, 2**40)


def cpu(root: Path, number: int, path: str, text: str) -> None:
    file = root / f"sys/devices/system/cpu/cpu{number}" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")


def cooling(root: Path, number: int, kind: str, state: str) -> None:
    folder = root / f"sys/class/thermal/cooling_device{number}"
    folder.mkdir(parents=True)
    (folder / "type").write_text(f"{kind}\n")
    (folder / "cur_state").write_text(f"{state}\n")


def test_a_machine_that_tells_nothing_is_not_known_to_be_cool(tmp_path: Path) -> None:
    assert heat((0, 1), tmp_path) == Heat(None, None)
    assert heat((0, 1), tmp_path).facts() == {}
    assert throttled(Heat(None, None), Heat(None, None)) == {}


def test_the_slowdowns_of_a_package_are_counted_once(tmp_path: Path) -> None:
    for number, package, own in ((0, "0", "1"), (1, "0", "2"), (2, "1", "0")):
        cpu(tmp_path, number, "topology/physical_package_id", package)
        cpu(tmp_path, number, "thermal_throttle/core_throttle_count", own)
        cpu(tmp_path, number, "thermal_throttle/package_throttle_count", "10" if package == "0" else "5")
    assert heat((0, 1, 2), tmp_path).facts() == {"throttled_since_boot": str(1 + 2 + 0 + 10 + 5)}


@pytest.mark.parametrize("kind", ["cpufreq-cpu0", "thermal-cpufreq-0", "Processor"])
def test_a_processor_that_its_cooling_holds_down_is_seen_where_nobody_counts(
    tmp_path: Path, kind: str
) -> None:
    """As on arm64 and riscv64 boards, whose kernel lowers the frequency at a trip point."""
    cooling(tmp_path, 0, "pwm-fan", "3")
    assert heat((0,), tmp_path).limits is None
    cooling(tmp_path, 1, kind, "0")
    cool = heat((0,), tmp_path)
    assert cool.facts() == {"held_down": "0"}
    cooling(tmp_path, 2, kind, "2")
    hot = heat((0,), tmp_path)
    assert hot.facts() == {"held_down": "1"}
    assert throttled(cool, cool) == {"throttled": "0"}
    assert throttled(cool, hot) == throttled(hot, cool) == {"throttled": "1"}


@given(COUNTS, COUNTS)
def test_slowdowns_are_a_difference_or_not_known(before: int | None, after: int | None) -> None:
    found = throttled(Heat(before, None), Heat(after, None))
    if before is None or after is None or after < before:
        assert found == {}
    else:
        assert int(found["throttled"]) + before == after


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_what_is_known_of_an_end_is_never_lost(
    slow: int | None, slower: int | None, held: int | None, holding: int | None
) -> None:
    found = throttled(Heat(slow, held), Heat(slower, holding))
    if held or holding:
        assert int(found["throttled"]) >= 1
    counted = throttled(Heat(slow, None), Heat(slower, None))
    assert int(found.get("throttled", "-1")) >= int(counted.get("throttled", "-1"))


@given(st.binary(max_size=200))
def test_no_content_of_a_file_makes_the_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes
) -> None:
    root = tmp_path_factory.mktemp("root")
    cpu(root, 0, "thermal_throttle/core_throttle_count", "")
    cooling(root, 0, "cpufreq-cpu0", "")
    for file in (*root.rglob("core_throttle_count"), *root.rglob("cur_state")):
        file.write_bytes(junk)
    assert all(text.isdecimal() for text in heat((0,), root).facts().values())


@pytest.mark.parametrize("cpus", [(), (0, 1, 2)])
@pytest.mark.parametrize(
    "kinds", [(), ("pwm-fan", "cpufreq-cpu0"), ("thermal-cpufreq-0", "Processor", "GPU")]
)
def test_a_boards_shell_reads_the_same(tmp_path: Path, cpus: tuple[int, ...], kinds: tuple[str, ...]) -> None:
    for number in cpus:
        cpu(tmp_path, number, "topology/physical_package_id", str(number // 2))
        cpu(tmp_path, number, "thermal_throttle/core_throttle_count", str(number + 1))
        cpu(tmp_path, number, "thermal_throttle/package_throttle_count", str(10 * (number // 2 + 1)))
    for number, kind in enumerate(kinds):
        cooling(tmp_path, number, kind, str(number % 2))
    text = (program.FOLDER / "2-machine.sh").read_text().replace(" /sys/", f" {tmp_path}/sys/")
    told = subprocess.run(["sh", "-c", f"{text}\nheat"], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    assert heat_told(told.stdout) == heat(cpus, tmp_path)


@given(st.text())
def test_no_text_of_a_board_makes_the_reader_fail(text: str) -> None:
    assert heat_told(text).facts().keys() <= {"throttled_since_boot", "held_down"}


def test_numbers_that_no_kernel_writes_are_none() -> None:
    assert heat_told(f"core {'9' * 400}\nlimit -1\npackage0 x\n") == Heat(None, None)
