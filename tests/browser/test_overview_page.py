"""The overview as a person uses it."""

import re
from pathlib import Path

from driving import serving
from playwright.sync_api import Browser, Page, expect
from synthetic_results import build


def test_the_overview_names_what_is_broken_before_what_is_slower(page: Page, site: str) -> None:
    page.goto(site)
    alarms = page.get_by_role("region").or_(page.locator(".pw-alarms")).locator("li")
    expect(alarms.first).to_contain_text("broken")
    expect(alarms.first).to_contain_text("gomap.LockedExit(24)")
    expect(alarms.first).to_contain_text("SIGSEGV")


def test_a_count_of_the_overview_leads_to_just_those_rows(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name=re.compile("1 broken")).first.click()
    expect(page.get_by_role("heading", name="Compare")).to_be_visible()
    assert "verdict=broken" in page.url
    assert "machine=laptop" in page.url
    expect(page.locator("#grid .ag-center-cols-container .ag-row")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_an_empty_results_folder_says_what_to_type(browser: Browser, page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        page.goto(address)
        expect(page.get_by_text("pagewalk compare BASE HEAD")).to_be_visible()
        expect(page.get_by_text("make demo")).to_be_visible()
        page.goto(f"{address}/compare")
        expect(page.get_by_text("There are no results yet.")).to_be_visible()


def test_a_file_that_cannot_be_read_is_listed_and_hides_nothing_else(page: Page, tmp_path: Path) -> None:
    root = build(tmp_path / "results")
    (root / "go" / "laptop" / "deadbeef-cut.json").write_text('{"commit_hash": "dead')
    with serving(root) as address:
        page.goto(address)
        expect(page.get_by_text("deadbeef-cut.json")).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("broken")).first).to_be_visible()


def test_new_results_show_on_reload_without_a_restart(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        page.goto(address)
        expect(page.get_by_role("heading", name="No results yet")).to_be_visible()
        build(tmp_path)
        page.reload()
        expect(page.get_by_role("heading", name="malloc")).to_be_visible()
