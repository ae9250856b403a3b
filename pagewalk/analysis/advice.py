"""What state of a machine harms measurement, why, and what to type about it.

Sources: Linux's Documentation/admin-guide (pm/cpufreq.rst, mm/transhuge.rst, sysctl/kernel.rst), pyperf's
"Tune the system for benchmarks", T. Mytkowicz et al., "Producing Wrong Data Without Doing Anything
Obviously Wrong!", ASPLOS 2009 (layout).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_BUSY = 0.5
"""Load per processor above which somebody else is at work."""
_PARANOID = 2
"""The highest perf_event_paranoid at which a user may count the own processes."""
_CPUS = "/sys/devices/system/cpu"
_COOL = "Cool it, or fix a lower frequency: sudo cpupower frequency-set --max 2GHz"

STATE = {
    "cpu": "processor",
    "microcode": "microcode",
    "kernel": "kernel",
    "libc": "libc",
    "governor": "governor",
    "cpu_mhz": "MHz",
    "boost": "turbo",
    "smt": "SMT",
    "load_avg_1min": "load",
    "swap": "bytes of swap",
    "transparent_hugepage.enabled": "huge pages",
    "aslr": "ASLR",
    "perf_event_paranoid": "perf_event_paranoid",
    "nmi_watchdog": "NMI watchdog",
    "throttled_since_boot": "slowdowns for heat",
    "held_down": "held down for heat",
}
"""The facts that are a machine's state, with their titles, in the order they are told."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One state that harms.

    Args:
        state: what was found, as `governor is powersave`.
        why: what it does to numbers.
        remedy: what to do or to type.
    """

    state: str
    why: str
    remedy: str


def advise(facts: Mapping[str, str]) -> tuple[Advice, ...]:
    """Return what harms measurement on a machine of these facts; a fact that is missing harms nothing.

    Args:
        facts: of the machine and of the moment, by the names that `runners/state.py` gives them.
    """
    found = (*_processor(facts), *_heat(facts), *_memory(facts), *_company(facts))
    return tuple(found) if "container" not in facts else tuple(map(_on_the_host, found))


def _processor(facts: Mapping[str, str]) -> Iterator[Advice]:
    governor = facts.get("governor", "")
    if governor and governor != "performance":
        yield Advice(
            f"governor is {governor}",
            "the frequency follows the load, and times with it",
            "sudo python -m pyperf system tune, or: sudo cpupower frequency-set -g performance",
        )
    if facts.get("boost") == "on":
        yield Advice(
            "turbo is on",
            "how fast a core runs depends on how warm it is and what the others do",
            f"sudo python -m pyperf system tune, or: echo 1 | sudo tee {_CPUS}/intel_pstate/no_turbo "
            f"(Intel), echo 0 | sudo tee {_CPUS}/cpufreq/boost (others)",
        )
    if facts.get("smt") == "on":
        yield Advice(
            "SMT is on",
            "a sibling thread shares the caches, the TLB and the ports of the core that is measured",
            f"echo off | sudo tee {_CPUS}/smt/control; or leave the sibling idle, with isolcpus= "
            "and PAGEWALK_CPUS",
        )


def _heat(facts: Mapping[str, str]) -> Iterator[Advice]:
    slowed = facts.get("throttled_since_boot", "0")
    if slowed != "0":
        yield Advice(
            f"the processor was slowed down {slowed} times since the start, for heat",
            "what is measured while it happens is slower, whatever the patch does; such runs are marked",
            _COOL,
        )
    if facts.get("held_down", "0") != "0":
        yield Advice(
            "the processor is held down for heat just now",
            "it stays below its frequency until it is cooler; such runs are marked",
            _COOL,
        )


def _memory(facts: Mapping[str, str]) -> Iterator[Advice]:
    if facts.get("swap", "0") != "0":
        yield Advice(
            "swap is on",
            "pages that went out come back as major faults, and resident memory is not what is in use",
            "sudo swapoff -a",
        )
    if facts.get("transparent_hugepage.enabled") == "always":
        yield Advice(
            "transparent huge pages are always given",
            "faults, TLB misses and resident memory depend on how fragmented memory is just then",
            "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled, "
            "unless huge pages are the question",
        )
    if facts.get("aslr", "").startswith(("No ", "Conservative ")):
        yield Advice(
            f"ASLR: {facts['aslr'].lower()}",
            "all executions have the same luck with their layout, which looks like an effect of the patch",
            "sudo sysctl kernel.randomize_va_space=2",
        )


def _company(facts: Mapping[str, str]) -> Iterator[Advice]:
    load, cpus = _number(facts.get("load_avg_1min")), _number(facts.get("num_cpu"))
    if load is not None and cpus and load / cpus > _BUSY:
        yield Advice(
            f"load is {load:g} on {cpus:g} processors",
            "others take turns on the processor, the caches and memory",
            "Wait, or end them: top -o %CPU; or give measurements processors of their own, "
            "with isolcpus= and PAGEWALK_CPUS",
        )
    paranoid = _number(facts.get("perf_event_paranoid"))
    if paranoid is not None and paranoid > _PARANOID:
        yield Advice(
            f"perf_event_paranoid is {paranoid:g}",
            "only root may count: faults, TLB and cache misses are missing for everybody else",
            "sudo sysctl kernel.perf_event_paranoid=1",
        )
    if facts.get("nmi_watchdog") == "on":
        yield Advice(
            "the NMI watchdog is on",
            "it may keep one of the processor's counters, so that events take turns and are estimates",
            "sudo sysctl kernel.nmi_watchdog=0",
        )
    if "virtual" in facts:
        yield Advice(
            "it is a virtual machine" + ("" if facts["virtual"] == "yes" else f" ({facts['virtual']})"),
            "governor, turbo and neighbours are the host's; page walks go through two tables",
            "Trust exact counters of the emulated runners first; for times, ask for a dedicated host "
            "or give it pinned processors, and measure its noise: pagewalk noise",
        )


def _on_the_host(advice: Advice) -> Advice:
    """A container may not write the kernel's settings."""
    if "sudo " not in advice.remedy:
        return advice
    return Advice(advice.state, advice.why, f"On the host of this container: {advice.remedy}")


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
