"""The state a machine is in: what /proc and /sys say of it that bears on times and counts.

Every reader takes the root of the file system. What a kernel does not tell is left out, never guessed.
Sources: the kernel's Documentation/admin-guide/pm/cpufreq.rst, hw-vuln and mm/transhuge.rst,
sysctl/kernel.rst (nmi_watchdog), Documentation/ABI/testing/sysfs-devices-system-cpu (smt, microcode).
"""

import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path("/")
CPUS = "sys/devices/system/cpu"
"""Where the kernel has one folder for each processor, below the root."""
ASLR = {"0": "No randomization", "1": "Conservative randomization", "2": "Full randomization"}
"""What pyperf calls the values of randomize_va_space."""
SWITCH = {"0": "off", "1": "on"}
"""What the kernel's switches mean."""

_HUGE_PAGES = "sys/kernel/mm/transparent_hugepage"
_KERNEL = "proc/sys/kernel"
_CPUINFO = 1 << 16
"""Bytes of /proc/cpuinfo that are read: the first processors stand for the rest."""


def identity(root: Path = ROOT) -> dict[str, str]:
    """Return what stays while the machine is up: cpu, kernel, libc, whether it is virtual or a container.

    /proc/cpuinfo may take a millisecond for each processor, so this is for once a process.
    """
    cpuinfo = text_of(root, "proc/cpuinfo", _CPUINFO)
    found = {
        "cpu": cpu_name(cpuinfo, text_of(root, "proc/device-tree/model").strip("\0"))
        or text_of(root, f"{CPUS}/cpu0/regs/identification/midr_el1"),
        "kernel": text_of(root, f"{_KERNEL}/osrelease"),
        "kernel_version": text_of(root, f"{_KERNEL}/version"),
        "libc": " ".join(word for word in platform.libc_ver() if word) if root == ROOT else "",
        "microcode": field_of(cpuinfo, "microcode"),
        "virtual": _virtual(root, cpuinfo),
        "container": "yes" if _container(root) else "",
    }
    return _told(found)


def settings(cpus: Iterable[int] = (0,), root: Path = ROOT) -> dict[str, str]:
    """Return what somebody may switch while we measure: a dozen small files, read for every run.

    Args:
        cpus: the processors whose governors matter.
    """
    governors = {text_of(root, f"{CPUS}/cpu{cpu}/cpufreq/scaling_governor") for cpu in cpus}
    found = {
        "governor": " ".join(sorted(governors)).strip(),
        "boost": boost(
            absent=text_of(root, f"{CPUS}/intel_pstate/no_turbo"),
            present=text_of(root, f"{CPUS}/cpufreq/boost"),
        ),
        "smt": SWITCH.get(text_of(root, f"{CPUS}/smt/active"), ""),
        "aslr": ASLR.get(text_of(root, f"{_KERNEL}/randomize_va_space"), ""),
        "transparent_hugepage.enabled": chosen(text_of(root, f"{_HUGE_PAGES}/enabled")),
        "transparent_hugepage.defrag": chosen(text_of(root, f"{_HUGE_PAGES}/defrag")),
        "perf_event_paranoid": text_of(root, f"{_KERNEL}/perf_event_paranoid"),
        "nmi_watchdog": SWITCH.get(text_of(root, f"{_KERNEL}/nmi_watchdog"), ""),
        "microcode": text_of(root, f"{CPUS}/cpu0/microcode/version"),
        "swap": _swap(root),
    }
    return _told(found)


def moment(cpus: Iterable[int] = (0,), root: Path = ROOT) -> dict[str, str]:
    """Return what is true of this moment only: load, and the frequency in MHz.

    Args:
        cpus: the processors to look at; the frequency is that of the first.
    """
    first = min(cpus, default=0)
    hertz = text_of(root, f"{CPUS}/cpu{first}/cpufreq/scaling_cur_freq")
    found = {
        "load_avg_1min": text_of(root, "proc/loadavg").partition(" ")[0],
        "cpu_mhz": str(int(hertz) // 1000) if hertz.isdecimal() else "",
    }
    return _told(found)


def chosen(text: str) -> str:
    """Return the choice in brackets: `always [madvise] never`; the whole text where there are none."""
    return text.partition("[")[2].partition("]")[0] or text


def cpu_name(cpuinfo: str, model: str) -> str:
    """Return what the processor calls itself; on most boards only the device tree knows a name.

    Args:
        model: of the board, from the device tree; empty where there is none.
    """
    for key in ("model name", "uarch", "Hardware"):
        if name := field_of(cpuinfo, key):
            return f"{name} ({model})" if model else name
    return model


def boost(*, absent: str, present: str) -> str:
    """Return whether there is a turbo: `on`, `off`, or empty where nobody says so.

    Args:
        absent: what Intel's own driver says, 1 where there is none; present: the others, 1 where there is.
    """
    return {"1": "off", "0": "on"}.get(absent, "") or SWITCH.get(present, "")


def field_of(cpuinfo: str, key: str) -> str:
    """Return what the first processor of /proc/cpuinfo says of `key`; empty where it does not."""
    match = re.search(rf"^{key}[ \t]*:[ \t]*(\S.*)$", cpuinfo, re.MULTILINE)
    return match[1] if match else ""


def _swap(root: Path) -> str:
    """Bytes of all that may be swapped to."""
    lines = text_of(root, "proc/swaps").splitlines()
    sizes = [line.split()[2] for line in lines[1:] if len(line.split()) > 2]
    return str(1024 * sum(int(size) for size in sizes if size.isdecimal())) if lines else ""


def _virtual(root: Path, cpuinfo: str) -> str:
    """The name of what runs this machine as a guest, `yes` where only that is known."""
    if re.search(r"^flags\s*:.*\bhypervisor\b", cpuinfo, re.MULTILINE):
        return text_of(root, "sys/hypervisor/type") or text_of(root, "sys/class/dmi/id/sys_vendor") or "yes"
    return text_of(root, "sys/hypervisor/type")


def _container(root: Path) -> bool:
    return (root / ".dockerenv").exists() or (root / "run/.containerenv").exists()


def text_of(root: Path, path: str, most: int = 4096) -> str:
    """Return a file's text without white space around it; empty where it cannot be read."""
    try:
        with (root / path).open("rb") as file:
            return file.read(most).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _told(found: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if value}
