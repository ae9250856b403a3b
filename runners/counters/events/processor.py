"""Which processor this machine has, and so which events count what."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from pagewalk.metrics import L2_MISSES, LLC_MISSES
from runners import facts
from runners.counters.events.choice import chosen
from runners.counters.events.table import Counted, Processor, processor_for

CPUINFO = Path("/proc/cpuinfo")
_SYSFS_CACHE = Path("/sys/devices/system/cpu/cpu0/cache")


def this_processor() -> Processor:
    """Return this machine's processor, what its architecture has where the model is not known.

    Only with the metrics that were asked for, see `runners.counters.events.choice`.
    """
    return chosen(_detected())


@cache
def _detected() -> Processor:
    try:
        text = CPUINFO.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    return with_last_level(processor_for(facts.host_architecture(), identities(text)), last_cache_level())


def identities(cpuinfo: str) -> tuple[str, ...]:
    """Return what each kind of core in `/proc/cpuinfo` calls itself, each kind once.

    x86: vendor, family and model; arm64: implementer and part (MIDR_EL1); riscv64: mvendorid and
    marchid, or the device tree's name where the kernel (before 6.4) does not tell them.
    """
    found = (_identity(dict(_pairs(block))) for block in cpuinfo.split("\n\n"))
    return tuple(dict.fromkeys(identity for identity in found if identity))


def _pairs(block: str) -> Iterator[tuple[str, str]]:
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()


def _identity(core: dict[str, str]) -> str:
    for keys in (
        ("vendor_id", "cpu family", "model"),
        ("CPU implementer", "CPU part"),
        ("mvendorid", "marchid"),
        ("uarch",),
    ):
        if all(key in core for key in keys):
            return " ".join(core[key] for key in keys)
    return ""


def with_last_level(processor: Processor, level: int | None) -> Processor:
    """Return `processor` with L2 misses where the last cache is the second one, as on small boards."""
    last = next((c for c in processor.counted if c.metric == LLC_MISSES.name), None)
    if last is None or any(c.metric == L2_MISSES.name for c in processor.counted):
        return processor
    if level == 2:
        l2 = Counted(L2_MISSES.name, last.events, last.more)
        missing = {m: why for m, why in processor.missing.items() if m != L2_MISSES.name}
        return replace(processor, counted=(*processor.counted, l2), missing=missing)
    return processor


def last_cache_level(root: Path = _SYSFS_CACHE) -> int | None:
    """Return the level of the last cache, from sysfs; None where the kernel does not tell."""
    levels = [path.read_text().strip() for path in root.glob("index*/level")]
    return max((int(level) for level in levels if level.isdigit()), default=None)
