"""What /proc and /sys say of a machine is read as it stands; what they do not say is left out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners import state

INTEL = "processor\t: 0\nmodel name\t: Xeon 8275CL\nmicrocode\t: 0x5003707\nflags\t\t: fpu sse2\n"


def tree(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"{text}\n")
    return root


def cpu(number: int, path: str) -> str:
    return f"sys/devices/system/cpu/cpu{number}/{path}"


def test_a_machine_that_tells_nothing_has_no_facts(tmp_path: Path) -> None:
    assert state.identity(tmp_path) == {}
    assert state.settings((0, 1), tmp_path) == {}
    assert state.moment((0, 1), tmp_path) == {}


def test_what_stays_while_a_machine_is_up_is_told(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {"proc/cpuinfo": INTEL, "proc/sys/kernel/osrelease": "6.12.9", "proc/sys/kernel/version": "#1 SMP"},
    )
    assert state.identity(root) == {
        "cpu": "Xeon 8275CL",
        "kernel": "6.12.9",
        "kernel_version": "#1 SMP",
        "microcode": "0x5003707",
    }


def test_a_guest_and_a_container_are_known_for_what_they_are(tmp_path: Path) -> None:
    files = {"proc/cpuinfo": INTEL.replace("sse2", "hypervisor sse2"), "sys/class/dmi/id/sys_vendor": "QEMU"}
    found = state.identity(tree(tmp_path, {**files, ".dockerenv": ""}))
    assert (found["virtual"], found["container"]) == ("QEMU", "yes")


def test_an_arm_core_without_a_name_is_told_by_its_identification(tmp_path: Path) -> None:
    files = {
        "proc/cpuinfo": "processor\t: 0\nBogoMIPS\t: 50.00",
        cpu(0, "regs/identification/midr_el1"): "0x413fd0c1",
    }
    assert state.identity(tree(tmp_path, files))["cpu"] == "0x413fd0c1"


def test_everything_that_can_be_switched_is_told(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            cpu(2, "cpufreq/scaling_governor"): "powersave",
            cpu(3, "cpufreq/scaling_governor"): "performance",
            cpu(0, "microcode/version"): "0x5003801",
            "sys/devices/system/cpu/intel_pstate/no_turbo": "0",
            "sys/devices/system/cpu/smt/active": "1",
            "proc/sys/kernel/randomize_va_space": "1",
            "proc/sys/kernel/perf_event_paranoid": "4",
            "proc/sys/kernel/nmi_watchdog": "1",
            "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",
            "proc/swaps": "Filename Type Size Used Priority\n/dev/sda2 partition 1024 0 -2",
        },
    )
    assert state.settings((2, 3), root) == {
        "governor": "performance powersave",
        "boost": "on",
        "smt": "on",
        "aslr": "Conservative randomization",
        "transparent_hugepage.enabled": "madvise",
        "perf_event_paranoid": "4",
        "nmi_watchdog": "on",
        "microcode": "0x5003801",
        "swap": "1048576",
    }
    assert state.settings((3,), root)["governor"] == "performance"


@pytest.mark.parametrize(
    ("absent", "present", "found"),
    [("1", "", "off"), ("0", "", "on"), ("", "1", "on"), ("", "0", "off"), ("", "", "")],
)
def test_a_turbo_is_told_by_whichever_driver_there_is(absent: str, present: str, found: str) -> None:
    assert state.boost(absent=absent, present=present) == found


def test_the_moment_has_load_and_frequency(tmp_path: Path) -> None:
    files = {"proc/loadavg": "0.52 0.58 0.59 1/467 12", cpu(1, "cpufreq/scaling_cur_freq"): "2400123"}
    found = state.moment((1,), tree(tmp_path, files))
    assert found == {"load_avg_1min": "0.52", "cpu_mhz": "2400"}


@given(st.binary(max_size=200))
def test_no_content_of_a_file_makes_a_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes
) -> None:
    root = tmp_path_factory.mktemp("root")
    for path in ("proc/cpuinfo", "proc/swaps", "proc/loadavg", cpu(0, "cpufreq/scaling_cur_freq")):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(junk)
    for found in (state.identity(root), state.settings((0,), root), state.moment((0,), root)):
        assert all(found.values())
