"""The table as CSV."""

import csv
import io

from synthetic_results import BOARD, HOSTILE, LAPTOP, NO_PMU

from dashboard.data.address import View
from dashboard.data.export import COLUMNS, table_csv
from dashboard.data.library import Library
from dashboard.data.rows import all_rows, shown_rows
from dashboard.data.selection import select
from dashboard.pages.compare import csv_of
from pagewalk.model import Case


def lines(library: Library, subject: str, machines: list[str], view: View) -> list[dict[str, str]]:
    comparison = select(library, View(subject=subject)).comparison
    return list(csv.DictReader(io.StringIO(table_csv(shown_rows(all_rows(comparison), view), machines))))


def test_there_is_a_line_a_row_and_machine(library: Library) -> None:
    found = lines(library, "go", [LAPTOP, BOARD], View(metrics=("time",)))
    assert sorted(line["machine"] for line in found) == [LAPTOP, LAPTOP, BOARD, BOARD]
    assert all(float(line["low"]) <= float(line["ratio"]) <= float(line["high"]) for line in found)


def test_what_is_missing_is_empty_and_its_source_says_why(library: Library) -> None:
    found = lines(library, "go", [LAPTOP], View(metrics=("dtlb_misses",)))
    assert {line["base"] for line in found} == {""}
    assert all(NO_PMU in line["base source"] for line in found)


def test_a_name_cannot_become_a_formula(library: Library) -> None:
    comparison = select(library, View(subject="malloc")).comparison
    row = next(row for row in shown_rows(all_rows(comparison), View()) if row.case == HOSTILE)
    formula = row._replace(case=Case("=HYPERLINK(1)"), metric="@SUM")
    assert table_csv([formula], [LAPTOP]).splitlines()[1].startswith("'=HYPERLINK(1),'@SUM,")


def test_the_browser_gives_the_order_but_no_rows_of_its_own(library: Library) -> None:
    view = View(subject="malloc", metrics=("time",))
    selection = select(library, view)
    known = [row.id for row in shown_rows(selection.rows, view)]
    name, text = csv_of(selection, view, [*reversed(known), "invented", known[0]])
    assert name.startswith("pagewalk-malloc-")
    assert [line["case"] + "|time" for line in csv.DictReader(io.StringIO(text))] == list(reversed(known))


def test_without_a_selection_there_are_only_headings() -> None:
    assert csv_of(None, View(), ["x"]) == ("pagewalk.csv", ",".join(COLUMNS) + "\n")
