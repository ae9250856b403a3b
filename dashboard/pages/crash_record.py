"""What is known of one crash: where it struck, in which functions, with which registers, what was said."""

from typing import Any

from dash import html

from dashboard.components.pieces import aria, disclosure, facts
from dashboard.data.traceback import traceback_of
from dashboard.looks.wording import address_text, crash_tag
from pagewalk.model import Crash
from pagewalk.reports.wording import printable


def crash_facts(crash: Crash) -> list[tuple[str, Any]]:
    """Return names and values for a list of facts; what nobody told is said to be so."""
    rows: list[tuple[str, Any]] = [
        ("ended by", crash_tag(crash) or "not recorded"),
        ("fault address", html.Code(address_text(crash))),
    ]
    if crash.memory:
        rows.append(("mapping of the address", html.Code(printable(crash.memory))))
    if crash.page:
        words = (f"{printable(word)}: {printable(text)}" for word, text in crash.page.items())
        rows.append(("its page", html.Span("; ".join(words))))
    if crash.pc is not None:
        rows.append(("program counter", html.Code(f"{crash.pc:#x}")))
    if crash.code:
        rows.append(("code", html.Code(printable(crash.code))))
    if crash.frames:
        rows.append(("in", html.Code(printable(crash.frames[0]))))
    return rows


def crash_details(crash: Crash) -> list[Any]:
    """Return the call stack, the registers and the last output."""
    trace = list(crash.frames) or traceback_of(crash.last_output)
    output = "\n".join(map(printable, crash.last_output))
    parts = [
        html.P(html.Strong("Call stack")),
        _lines("call stack", "\n".join(map(printable, trace))) if trace else html.P("not recorded"),
    ]
    if crash.faults:
        parts += [
            html.P(html.Strong("Page faults just before")),
            _lines("page faults", "\n".join(map(printable, crash.faults))),
        ]
    if crash.registers:
        rows = [f"{printable(name):<7}{value:#018x}" for name, value in crash.registers.items()]
        parts.append(disclosure("Registers", _lines("registers", "\n".join(rows))))
    parts += [html.P(html.Strong("Last output")), _lines("last output", output) if output else html.P("none")]
    return parts


def crash_record(crash: Crash) -> list[Any]:
    """Return all of it."""
    return [facts(crash_facts(crash)), *crash_details(crash)]


def _lines(label: str, text: str) -> Any:
    return html.Pre(text, tabIndex=0, **aria(label=label))
