"""Names, reasons and last words come from boards and users: in a report they are text, no more."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_reports import SCHEMA

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case, Crash, Machine, Outcome, Record, Revision, Values
from pagewalk.reports import json_report, markdown, terminal
from pagewalk.reports.wording import printable

ATTACKS = (
    "<img src=x onerror=alert(1)>",
    "a|b|c",
    "`code` **bold** _it_ ~~gone~~",
    "[click](http://evil.example)",
    "@someone #1 www.evil.example https://evil.example",
    "</summary></details><script>alert(1)</script>",
    "line\nbreak\r\n| --- |",
    "\x1b]0;title\x07\x1b[2J\x1b[31mred",
    "[bold red]markup[/]",
    "right\u202eleft",
    "\ud800",
    "{{template}} $math$ \\",
    "- a list",
    "1. a list",
    "&lt;b&gt; &#64;",
)
_OURS = {
    "details",
    "summary",
    "br",
    "h3",
    "p",
    "ul",
    "li",
    "strong",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Page(HTMLParser):
    """What a browser makes of a report: elements, text, and the cells of each row."""

    def __init__(self, report: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.text = ""
        self.rows: list[int] = []
        self.feed(_GITHUB.render(report))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        assert not attrs
        if tag == "tr":
            self.rows.append(0)
        if tag in {"td", "th"}:
            self.rows[-1] += 1

    def handle_data(self, data: str) -> None:
        self.text += data


def as_words(text: str) -> str:
    return " ".join(printable(text).split())


def poisoned(comparison: Comparison, text: str) -> Comparison:
    """Every place that others can write to, written to."""
    machine = Machine(text, text, emulated=False, facts={text: text})
    case = Case(text, ((text, text),))
    crash = Crash(text, fault_address=2**64 - 1, last_output=(text, text))
    record = Record(case, {Outcome.CRASHED: 1}, {}, crash=crash)
    row = next(row for row in comparison.metrics if row.verdict is Verdict.REGRESSED)
    provenance = row.base.provenance
    assert provenance is not None
    values = row.base._replace(metric=text, provenance=replace(provenance, source=text))
    nothing = row._replace(
        case=case, machine=text, verdict=None, effect=None, grounds=text, metric=f"{text}2"
    )
    return replace(
        comparison,
        base=Revision(text, "1" * 40, text, 0),
        head=Revision(text, text, text, 0),
        machines=(machine,),
        outcomes=(
            comparison.outcomes[0]._replace(case=case, machine=text, base=record, head=record, evidence=text),
        ),
        metrics=(
            row._replace(case=case, machine=text, metric=text, base=values, head=values, grounds=text),
            nothing._replace(base=Values(f"{text}2", missing=text), head=Values(f"{text}2", missing=text)),
        ),
        warnings=(text,),
    )


def assert_harmless(comparison: Comparison) -> None:
    in_terminal = terminal.render(comparison, width=100, all_rows=True)
    assert all(c.isprintable() or c == "\n" for c in in_terminal)
    assert Page(markdown.render(comparison)).elements <= _OURS
    in_json = json_report.render(comparison)
    assert in_json.isascii()
    jsonschema.validate(json.loads(in_json), SCHEMA)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_is_shown_and_does_nothing(comparison: Comparison, attack: str) -> None:
    assert_harmless(poisoned(comparison, attack))
    shown = Page(markdown.render(poisoned(comparison, attack))).text.replace("\N{ZERO WIDTH SPACE}", "")
    # Once as subject, revision and machine, in the legend, as evidence, reason and warning.
    assert " ".join(shown.split()).count(as_words(attack)) >= 8


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_any_text_is_shown_and_does_nothing(comparison: Comparison, text: str) -> None:
    assert_harmless(poisoned(comparison, text))


def test_a_table_keeps_its_columns_whatever_the_names_are(comparison: Comparison) -> None:
    page = Page(markdown.render(poisoned(comparison, "a|b\n|c|\\|")))
    # How it ends (4 columns), suites against one machine (2), and one suite's lines (3).
    assert sorted(set(page.rows)) == [2, 3, 4]


def test_nobody_is_mentioned_and_nothing_is_linked(comparison: Comparison) -> None:
    text = markdown.render(poisoned(comparison, "@someone www.evil.example https://evil.example [a](b)"))
    for live in ("@someone", " www.", "https://", "[a](b)"):
        assert live not in text


def test_markup_of_the_terminal_library_is_shown_as_it_is(comparison: Comparison) -> None:
    assert "[bold red]markup[/]" in terminal.render(poisoned(comparison, "[bold red]markup[/]"), width=200)


def test_a_comment_fits_and_names_what_it_leaves_out(comparison: Comparison) -> None:
    many = tuple(
        row._replace(case=Case(f"suite{i}.Name", row.case.params))
        for i in range(120)
        for row in comparison.metrics
    )
    report = markdown.render(replace(comparison, metrics=many))
    assert len(report) <= markdown.COMMENT_LIMIT
    assert "Left out, because a comment holds 65536 characters: suite" in report
    crowded = replace(comparison, outcomes=comparison.outcomes * 300)
    assert len(markdown.render(crowded)) <= markdown.COMMENT_LIMIT
    assert "more, less severe" in markdown.render(crowded)
