"""All that can be known of a crash: registers, functions, mappings and pages, from what the process left.

A C workload's handler writes JSON lines (`benchmarks/CONTRACT.md`), Go writes a traceback, and of a
process that dies without a word the kernel log has the program counter.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pagewalk.model import Crash
from runners.execution import go_traceback
from runners.execution.capture import Capture
from runners.execution.crash_lines import DETAILS, NOTHING_MAPPED, Told, read_told
from runners.execution.fault import Fault
from runners.execution.symbols import function_at, nearest_export

Find = Callable[[str], Path | None]
"""Returns the file here that a path of the process's own stands for; None where we do not have it."""

_MAPPING = re.compile(r"^([0-9a-f]{1,16})-([0-9a-f]{1,16}) \S{4} ([0-9a-f]{1,16}) \S+ \d+\s*(.*)$")
_HUGE_PAGE = 2 << 20

PAGE_BY_ADDRESS = ("mapped", "aligned to 2 MiB", "address aligned to 8")
"""What is known of a page from its address and mapping alone, without asking the kernel for its state."""


def describe(crash: Crash, capture: Capture, fault: Fault | None, find: Find) -> Crash:
    """Return a crash with all that the process, Go or the kernel told of it.

    Args:
        crash: signal, status, address and last output, as already known.
        fault: what the kernel log says, where it says something.
    """
    told, lines = read_told(capture.stdout_head), capture.traceback
    pc = told.pc if told.pc is not None else go_traceback.program_counter_of(lines)
    name, offset, code = *_place(told.code, pc), told.code
    if pc is None and fault is not None:
        pc, name, offset = fault.pc, fault.name, fault.offset
        code = f"{name}+{offset:#x}" if name else ""
    frames = go_traceback.frames_of(lines) or _function(name, offset, find)
    return replace(
        crash,
        pc=pc,
        frames=frames,
        registers=told.registers or go_traceback.registers_of(lines) or (fault.registers if fault else {}),
        code=code,
        memory=told.memory,
        page=_page(told, crash.fault_address),
        last_output=tuple(line for line in crash.last_output if not line.startswith(DETAILS)),
    )


def _place(mapping: str, pc: int | None) -> tuple[str, int]:
    """Return the file of a mapping, and where in it the program counter lies; no name where there is none."""
    match = _MAPPING.match(mapping)
    if match is None or pc is None:
        return "", 0
    return match[4], pc - int(match[1], 16) + int(match[3], 16)


def _function(name: str, offset: int, find: Find) -> tuple[str, ...]:
    path = find(name) if name else None
    function = (function_at(path, offset) or nearest_export(path, offset)) if path else ""
    return (function,) if function else ()


def _page(told: Told, address: int | None) -> Mapping[str, str]:
    """Return a word to each thing that is known of the page at the fault address.

    `dirty` is of the page where the kernel tracks soft-dirty bits, else of its mapping (smaps'
    Private_Dirty); `huge` is of its mapping (AnonHugePages).
    """
    if address is None or not told.memory:
        return {}
    if told.memory == NOTHING_MAPPED:
        return {"mapped": "no"}
    page = told.page
    words = {"mapped": "yes", "aligned to 2 MiB": _yes(_holds_huge_page(told.memory, address))}
    words["address aligned to 8"] = _yes(address % 8 == 0)
    for key, word in (("present", "present"), ("swapped", "swapped"), ("file", "of a file or shared")):
        if key in page:
            words[word] = _yes(page[key] == 1)
    if "dirty_kb" in page:
        words["dirty"] = _yes(
            page.get("soft_dirty") == 1 or (page["dirty_kb"] > 0 and page.get("present") == 1)
        )
        words["dirty in its mapping"] = f"{page['dirty_kb']} of {page.get('rss_kb', 0)} kB"
    if "huge_kb" in page:
        words["huge pages in its mapping"] = f"{page['huge_kb']} kB"
    return words


def _holds_huge_page(mapping: str, address: int) -> bool:
    """Return whether the 2 MiB around the address lie in its mapping: only then can its page be huge."""
    match = _MAPPING.match(mapping)
    if match is None:
        return False
    begin = address & ~(_HUGE_PAGE - 1)
    return int(match[1], 16) <= begin and begin + _HUGE_PAGE <= int(match[2], 16)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
