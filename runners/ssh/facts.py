"""What a board is, in asv's words, from what it read of itself."""

import re
from collections.abc import Mapping

from pyperf._cpu_utils import parse_cpu_list

from pagewalk.model import Target
from runners.execution.capture import printable
from runners.ssh.answer import Answer
from runners.state import ASLR, SWITCH, boost, chosen, cpu_name, field_of

ARCHITECTURES = {
    "x86_64": ("x86_64",),
    "amd64": ("x86_64",),
    "aarch64": ("arm64", "armv7"),
    "arm64": ("arm64",),
    "armv7l": ("armv7",),
    "armv8l": ("armv7",),
    "riscv64": ("riscv64",),
}
"""Which of our architectures a kernel executes, by what `uname -m` says."""

_LONGEST = 200
_UNKNOWN = "unknown"
"""What asv is told where a board does not say: the fields may not be empty."""
_OF_A_RUN = frozenset(
    (
        "aslr",
        "boost",
        "cpu",
        "governor",
        "kernel",
        "kernel_version",
        "microcode",
        "nmi_watchdog",
        "perf_event_paranoid",
        "smt",
        "swap",
        "transparent_hugepage.defrag",
        "transparent_hugepage.enabled",
    )
)
_CPUS = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?){0,99}")


def is_32_bit_on_64(board: Answer, target: Target) -> bool:
    """Return whether a board's arm64 kernel executes programs of 32-bit Arm."""
    return target.architecture == "armv7" and "arm64" in ARCHITECTURES.get(board.text("arch"), ())


def machine_facts(answer: Answer) -> Mapping[str, str]:
    """Return asv's fields (os, arch, cpu, num_cpu, ram) and what else bears on memory behaviour.

    The same at every call while the machine stays as it is, since asv compares them.
    """
    cpuinfo = answer.text("cpuinfo")
    found = {
        "os": f"{answer.text('system')} {answer.text('kernel')}",
        "arch": answer.text("arch"),
        "cpu": cpu_name(cpuinfo, answer.text("model")) or _UNKNOWN,
        "num_cpu": str(len(re.findall(r"^processor\s*:", cpuinfo, re.MULTILINE)) or _UNKNOWN),
        "ram": _bytes(answer.text("meminfo"), "MemTotal"),
        "swap": _bytes(answer.text("meminfo"), "SwapTotal"),
        "page_size": _page_size(answer.text("page_size")),
        "governor": " ".join(answer.text("governor").split()),
        "boost": boost(absent=answer.text("no_turbo"), present=answer.text("boost")),
        "smt": SWITCH.get(answer.text("smt"), ""),
        "microcode": answer.text("microcode") or field_of(cpuinfo, "microcode"),
        "aslr": ASLR.get(answer.text("aslr"), ""),
        "transparent_hugepage.enabled": chosen(answer.text("huge_pages")),
        "transparent_hugepage.defrag": chosen(answer.text("defrag")),
        "perf_event_paranoid": answer.text("paranoid"),
        "nmi_watchdog": SWITCH.get(answer.text("watchdog"), ""),
        "kernel": answer.text("kernel"),
        "kernel_version": answer.text("version"),
    }
    return {key: printable(value)[:_LONGEST] for key, value in found.items() if value}


def run_facts(answer: Answer) -> Mapping[str, str]:
    """Return what of the machine's state bears on each run, as it was when the board was connected to."""
    found = machine_facts(answer)
    return {name: found[name] for name in found.keys() & _OF_A_RUN if found[name] != _UNKNOWN}


def moment(load: str, khz: str) -> dict[str, str]:
    """Return what is true of a moment only, in the words of `runners.state.moment`.

    Args:
        load: of /proc/loadavg.
        khz: of scaling_cur_freq.
    """
    average = re.match(r"\d{1,6}\.\d{1,4}", load)
    found = {
        "load_avg_1min": average[0] if average else "",
        "cpu_mhz": str(int(khz) // 1000) if re.fullmatch(r"\d{1,9}", khz) else "",
    }
    return {key: value for key, value in found.items() if value}


def allowed_cpus(answer: Answer) -> tuple[int, ...]:
    """Return the processors that the board lets us use; none where it does not say so in the kernel's way."""
    text = answer.text("cpus")
    return tuple(parse_cpu_list(text)) if _CPUS.fullmatch(text) else ()


def _bytes(meminfo: str, key: str) -> str:
    match = re.search(rf"^{key}:\s+(\d{{1,15}}) kB$", meminfo, re.MULTILINE)
    return str(int(match[1]) * 1024) if match else ""


def _page_size(text: str) -> str:
    match = re.fullmatch(r"(\d{1,9})( kB)?", text)
    return "" if match is None else str(int(match[1]) * (1024 if match[2] else 1))
