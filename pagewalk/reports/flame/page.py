"""A flame graph as one HTML file: searchable, zoomable, and nothing from anywhere else.

Names of functions come from symbol tables that a stranger may have written: they are data in a
script that is not executed, and the page may run its own script only.
"""

import base64
import hashlib
import html
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from pagewalk.analysis.profiles import Frame, SymbolChange
from pagewalk.reports.wording import printable
from pagewalk.units import points_text, share_text

_MOST_SYMBOLS = 50


@dataclass(frozen=True, slots=True)
class FlameText:
    """What stands around the graph.

    Args:
        title: what was profiled.
        about: sentences: the event, how many executions, what is missing.
        base, head: names of the sides; `base` is empty for a single profile.
    """

    title: str
    about: tuple[str, ...]
    head: str
    base: str = ""


def render_page(top: Frame, text: FlameText, changes: Sequence[SymbolChange] = ()) -> str:
    """Return the page.

    Args:
        changes: functions for the table below, as `pagewalk.analysis.profiles.difference` orders them.
    """
    script, style = _asset("flame.js"), _asset("flame.css")
    title = html.escape(printable(text.title))
    about = "".join(f"<p>{html.escape(printable(sentence))}</p>" for sentence in text.about)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy()}">
<title>{title} · pagewalk</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1>{about}</header>
{_CONTROLS}
<main>
<p id="told" role="status"></p>
<div id="graph" role="application" tabindex="0"
 aria-label="flame graph; arrows move, Enter zooms, Escape resets"></div>
{_table(changes, text)}
</main>
<script type="application/json" id="profile">{_data(top, text)}</script>
<script>{script}</script>
</body>
</html>
"""


def policy() -> str:
    """Return the Content-Security-Policy of the page: its own script, inline styles, nothing else."""
    fingerprint = base64.b64encode(hashlib.sha256(_asset("flame.js").encode()).digest()).decode()
    return f"default-src 'none'; script-src 'sha256-{fingerprint}'; style-src 'unsafe-inline'"


_CONTROLS = """<form id="controls" role="search">
<label>Search <input id="search" type="search" autocomplete="off" placeholder="function, or /regex/"></label>
<label id="sides">Width <select id="side"><option value="head">after</option>
<option value="base">before</option></select></label>
<button id="reset" type="button">Reset zoom</button>
<button id="picture" type="button">Save PNG</button>
</form>"""


def _asset(name: str) -> str:
    return files("pagewalk.reports.flame").joinpath(name).read_text("utf-8")


def _data(top: Frame, text: FlameText) -> str:
    """Return the tree as JSON: names once, frames as [name, before, after, children]."""
    names: dict[str, int] = {}
    content = {
        "before": printable(text.base),
        "after": printable(text.head),
        "tree": _node(top, names),
        "names": [printable(name) for name in names],
    }
    # `</script>` within a name would end the element, `<!--` change how it is read.
    return json.dumps(content, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")


def _node(frame: Frame, names: dict[str, int]) -> list[object]:
    number = names.setdefault(frame.name, len(names))
    return [number, frame.base, frame.head, [_node(child, names) for child in frame.children.values()]]


def _table(changes: Sequence[SymbolChange], text: FlameText) -> str:
    if not changes:
        return ""
    rows = "".join(_row(change) for change in changes[:_MOST_SYMBOLS])
    left = len(changes) - _MOST_SYMBOLS
    rest = f"<p>{left} more functions changed less.</p>" if left > 0 else ""
    base, head = html.escape(printable(text.base)), html.escape(printable(text.head))
    return f"""<section><h2>Functions</h2>
<p>Shares of samples with the function anywhere on the stack; medians over executions. A change is
<strong>shown</strong> where it is significant over all functions together.</p>
<div class="wide" role="region" aria-label="functions that changed" tabindex="0"><table>
<thead><tr><th scope="col">function</th><th scope="col">{base}</th><th scope="col">{head}</th>
<th scope="col">change</th><th scope="col">q</th><th scope="col">shown</th></tr></thead>
<tbody>{rows}</tbody></table></div>{rest}</section>"""


def _row(change: SymbolChange) -> str:
    cells = (
        share_text(change.base),
        share_text(change.head),
        shift_text(change),
        f"{change.q:.2g}",
        "yes" if change.shown else "no",
    )
    name = html.escape(printable(change.name))
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def shift_text(change: SymbolChange) -> str:
    """Return a change of share in percentage points with its interval, "any" where that knows no bounds."""
    shift = change.shift
    low, high = (points_text(end) for end in (shift.low, shift.high))
    bounded = math.isfinite(shift.low) and math.isfinite(shift.high)
    return f"{points_text(shift.estimate)} ({f'{low} … {high}' if bounded else 'any'}) pp"
