"""What sysfs says of the PMUs: which there are, and what they implement."""

from collections.abc import Iterable
from pathlib import Path

from runners.counters.events.kernel import RAW, Event
from runners.counters.events.table import Processor

DEVICES = Path("/sys/bus/event_source/devices")

# As the device tree's compatible says, `armv8_cortex_a55` and, of Armv9, `armv9_cortex_a710`; `armv8_pmuv3_0`
# where ACPI tells (drivers/perf/arm_pmuv3.c, PMUV3_INIT_SIMPLE).
_ARM = "armv[89]_*"
_CORES = (_ARM, "cpu_core", "cpu_atom")
_LACKING = "this PMU does not implement {name}, or the kernel hides it"


def lacking(processor: Processor, events: Iterable[Event]) -> str:
    """Return why the first raw event that the PMU does not have cannot be counted; empty if there is none."""
    absent = (event.name for event in events if not implemented(processor, event))
    return next((_LACKING.format(name=name) for name in absent), "")


def core_pmus() -> tuple[str, ...]:
    """Return the names of the PMUs of processor cores: several where there are several kinds of core.

    arm64 has one a kind (`armv8_cortex_a55`), hybrid x86 `cpu_core` and `cpu_atom`.
    """
    found = (path.name for pattern in _CORES for path in DEVICES.glob(pattern) if (path / "cpus").exists())
    return tuple(sorted(found))


def implemented(processor: Processor, event: Event) -> bool:
    """Return whether the PMU has a raw event, as far as it tells.

    arm64 lists the architected events of PMCEID0_EL0 and PMCEID1_EL0 (drivers/perf/arm_pmuv3.c,
    armv8pmu_event_attr_is_visible); asked for another one it counts nothing, and says so to nobody.
    """
    if event.kind != RAW or not processor.listed:
        return True
    return any((device / "events" / event.name).exists() for device in DEVICES.glob(_ARM))
