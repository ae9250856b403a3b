"""What a board is, in asv's words, from what it read of itself."""

import re
from collections.abc import Mapping

from pyperf._cpu_utils import parse_cpu_list

from runners.execution.capture import printable
from runners.ssh.answer import Answer

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
_CPUS = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?){0,99}")
_ASLR = {"0": "No randomization", "1": "Conservative randomization", "2": "Full randomization"}


def machine_facts(answer: Answer) -> Mapping[str, str]:
    """Return asv's fields (os, arch, cpu, num_cpu, ram) and what else bears on memory behaviour.

    The same at every call while the machine stays as it is, since asv compares them.
    """
    cpuinfo = answer.text("cpuinfo")
    found = {
        "os": f"{answer.text('system')} {answer.text('kernel')}",
        "arch": answer.text("arch"),
        "cpu": _cpu(cpuinfo, answer.text("model")),
        "num_cpu": str(len(re.findall(r"^processor\s*:", cpuinfo, re.MULTILINE)) or "unknown"),
        "ram": _bytes(answer.text("meminfo"), "MemTotal"),
        "swap": _bytes(answer.text("meminfo"), "SwapTotal"),
        "page_size": _page_size(answer.text("page_size")),
        "governor": " ".join(answer.text("governor").split()),
        "aslr": _ASLR.get(answer.text("aslr"), ""),
        "transparent_hugepage.enabled": _chosen(answer.text("huge_pages")),
        "transparent_hugepage.defrag": _chosen(answer.text("defrag")),
        "perf_event_paranoid": answer.text("paranoid"),
        "kernel_version": answer.text("version"),
    }
    return {key: printable(value)[:_LONGEST] for key, value in found.items() if value}


def allowed_cpus(answer: Answer) -> tuple[int, ...]:
    """Return the processors that the board lets us use; none where it does not say so in the kernel's way."""
    text = answer.text("cpus")
    return tuple(parse_cpu_list(text)) if _CPUS.fullmatch(text) else ()


def _cpu(cpuinfo: str, model: str) -> str:
    """What the processor calls itself; on most boards only the device tree knows a name."""
    for key in ("model name", "uarch", "Hardware"):
        if match := re.search(rf"^{key}\s*:\s*(\S.*)$", cpuinfo, re.MULTILINE):
            return f"{match[1]} ({model})" if model else match[1]
    return model or "unknown"


def _bytes(meminfo: str, key: str) -> str:
    match = re.search(rf"^{key}:\s+(\d{{1,15}}) kB$", meminfo, re.MULTILINE)
    return str(int(match[1]) * 1024) if match else ""


def _page_size(text: str) -> str:
    match = re.fullmatch(r"(\d{1,9})( kB)?", text)
    return "" if match is None else str(int(match[1]) * (1024 if match[2] else 1))


def _chosen(text: str) -> str:
    """The choice in brackets: `always [madvise] never`."""
    return text.partition("[")[2].partition("]")[0]
