"""The curve page as a person uses it: where does it bend, and did the patch move that."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

WALK = "/curve?subject=slab&benchmark=tlb.Walk&metric=dtlb_misses&base=v0.20&head=v0.38"


def test_capacities_stand_where_knees_belong_and_both_sides_are_drawn(page: Page, commits_site: str) -> None:
    page.goto(commits_site + WALK)
    mark = page.locator("#curve-graph .annotation-text").filter(has_text="L1 dTLB 64 entries")
    expect(mark).to_be_visible()
    expect(page.locator("#curve-graph .legend")).to_contain_text("base v0.20")
    expect(page.locator("#curve-graph .legend")).to_contain_text("head v0.38")
    page.get_by_label("Base", exact=True).filter(visible=True).first.click()
    page.get_by_role("option", name=re.compile(r"v0\.26")).click()
    expect(page).to_have_url(re.compile("base=0000001b"))
    page.reload()
    expect(page.locator("#curve-body")).to_contain_text("v0.26 → v0.38")
    page.go_back()
    expect(page.locator("#curve-body")).to_contain_text("v0.20 → v0.38")
    page.get_by_role("link", name="Compare them").click()
    expect(page.locator("#headline")).to_contain_text("regressed")


def test_the_table_downloads(page: Page, commits_site: str, tmp_path: Path) -> None:
    page.goto(commits_site + WALK)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    download.value.save_as(tmp_path / "curve.csv")
    with (tmp_path / "curve.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert {line["side"] for line in lines} == {"base", "head"}
    assert float(next(line["value"] for line in lines if line["x"] == "16.0")) == pytest.approx(0.001)
    page.goto(commits_site + "/curve?subject=slab&benchmark=%3Cimg+src=x%3E")
    expect(page.get_by_role("alert")).to_contain_text("There is no benchmark “<img src=x>”")
