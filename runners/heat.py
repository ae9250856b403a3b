"""Whether processors are slowed down for heat: counted by Intel's, elsewhere seen as a limit in force.

Sources: the kernel's Documentation/ABI/testing/sysfs-devices-system-cpu (thermal_throttle) and
sysfs-class-thermal (cooling_device); drivers/thermal/cpufreq_cooling.c and drivers/acpi/processor_thermal.c.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runners.state import CPUS, ROOT, text_of

_COUNTS = "thermal_throttle"
_COOLING = "sys/class/thermal"
_PROCESSORS = ("cpufreq-", "thermal-cpufreq-", "Processor")
"""How the names begin of what cools a processor by slowing it down; the second one is Linux's before 5.12."""

_LINE = re.compile(r"(core|limit|package\d{0,6}) (\d{1,15})")


@dataclass(frozen=True, slots=True)
class Heat:
    """What is known at one moment.

    Args:
        slowdowns: since the start; None where nobody counts them.
        limits: processors, or groups of them, that are held below their frequency just now; None where there
            is nothing that would.
    """

    slowdowns: int | None
    limits: int | None

    def facts(self) -> dict[str, str]:
        """Return what is known, by name."""
        known = {"throttled_since_boot": self.slowdowns, "held_down": self.limits}
        return {name: str(number) for name, number in known.items() if number is not None}


def heat(cpus: Iterable[int], root: Path = ROOT) -> Heat:
    """Return how things stand for these processors."""
    folders = [root / CPUS / f"cpu{cpu}" for cpu in cpus]
    packages = {
        text_of(folder, "topology/physical_package_id"): text_of(folder, f"{_COUNTS}/package_throttle_count")
        for folder in folders
    }
    devices = (root / _COOLING).glob("cooling_device*")
    return _heat(
        (text_of(folder, f"{_COUNTS}/core_throttle_count") for folder in folders),
        packages,
        (text_of(d, "cur_state") for d in devices if text_of(d, "type").startswith(_PROCESSORS)),
    )


def heat_told(text: str) -> Heat:
    """Return the same from what a board's shell read, see `heat` in ssh/program/2-machine.sh."""
    told = [(found[1], found[2]) for line in text.splitlines() if (found := _LINE.fullmatch(line))]
    return _heat(
        (number for word, number in told if word == "core"),
        {word: number for word, number in told if word.startswith("package")},
        (number for word, number in told if word == "limit"),
    )


def throttled(before: Heat, after: Heat) -> dict[str, str]:
    """Return, as a fact, how often the processors were slowed down in between; none where nobody can tell.

    A limit that is in force at an end is one time at least.
    """
    known = [int(bool(moment.limits)) for moment in (before, after) if moment.limits is not None]
    if before.slowdowns is not None and after.slowdowns is not None and after.slowdowns >= before.slowdowns:
        known.append(after.slowdowns - before.slowdowns)
    return {"throttled": str(max(known))} if known else {}


def _heat(cores: Iterable[str], packages: Mapping[str, str], limits: Iterable[str]) -> Heat:
    """Each package is counted once: all of its processors tell the same number."""
    counts = [int(text) for text in (*cores, *packages.values()) if text.isdecimal()]
    states = [int(text) for text in limits if text.isdecimal()]
    return Heat(sum(counts) if counts else None, sum(s > 0 for s in states) if states else None)
