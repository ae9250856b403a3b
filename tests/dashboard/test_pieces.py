"""Pieces that pages share, and the words beside them, without a browser."""

from dash.development.base_component import Component

from dashboard.components.markup import markup
from dashboard.components.pieces import benchmark_title, table
from dashboard.looks.wording import revision_line
from pagewalk.index.answering.model import IndexedRevision


def cells(tree: Component) -> list[Component]:
    """All cells of a tree that are no headings."""
    return [part for part in tree._traverse() if type(part).__name__ == "Td"]  # type: ignore[no-untyped-call]


def test_a_cell_of_a_table_knows_its_heading_for_where_a_telephone_shows_no_heads() -> None:
    found = table(("runner", "target"), [["local", "x86_64-gnu"], ["<b>", "arm64-gnu"]], "runners")
    assert [cell.to_plotly_json()["props"]["data-label"] for cell in cells(found)] == ["target", "target"]
    told = markup(found)
    assert '<td data-label="target">x86_64-gnu</td>' in told
    assert "<b>" not in told


def test_a_benchmark_is_called_what_people_call_it_and_its_own_name_stands_beside() -> None:
    told = markup(benchmark_title("alloc.Churn", "time", "alloc.Churn.track_time", " against size"))
    assert "<strong>alloc.Churn · time against size</strong>" in told
    assert "<code>alloc.Churn.track_time</code>" in told
    assert markup(benchmark_title("io.peakmem", "", "io.peakmem")).count("io.peakmem") == 1


def test_a_title_that_only_repeats_the_name_is_not_told_twice() -> None:
    tag = IndexedRevision("1a2b3c4d5e6f", 3, "v1.2", None, "v1.2")
    assert revision_line(tag) == "no date · v1.2 (1a2b3c4d5e)"
    assert revision_line(IndexedRevision("1a2b3c4d5e6f", 3, "v1.2", None, "Free in batches")).endswith(
        "v1.2 (1a2b3c4d5e) · Free in batches"
    )
