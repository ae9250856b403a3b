"""Ten lines beside every workload: a test fails where they are missing."""

import pytest
from driving_workloads import C_SOURCES, GO_PROGRAMS, MODULE, NATIVE

PAGES = {name: path.with_suffix(".md") for name, path in C_SOURCES.items()} | {
    name: MODULE / name / "README.md" for name in GO_PROGRAMS
}
HEADINGS = ("**Path:**", "**Pattern:**", "**An operation** is", "**It is not**", "**Trust**")


@pytest.mark.parametrize("name", PAGES)
def test_a_workload_says_what_it_exercises_and_what_to_trust(name: str) -> None:
    text = PAGES[name].read_text()
    assert text.startswith(f"# {name}\n")
    places = [text.find(heading) for heading in HEADINGS]
    assert -1 not in places, dict(zip(HEADINGS, places, strict=True))
    assert places == sorted(places)
    assert len(text.splitlines()) <= 14


def test_no_page_is_about_a_workload_that_is_not_there() -> None:
    found = {*NATIVE.glob("*/*.md"), *MODULE.glob("*/README.md")}
    assert found == set(PAGES.values())
