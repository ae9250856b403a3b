"""The flame graph as a file, opened from disk in a real Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pagewalk.analysis.profiles import Profile, grow
from pagewalk.reports.flame import FlameText, render_page

BASE = Profile({("main", "grow", "copy"): 70, ("main", "look"): 30})
HEAD = Profile({("main", "grow", "copy"): 20, ("main", "look"): 80})


@pytest.fixture(autouse=True)
def opened(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "flame.html"
    file.write_text(render_page(grow(HEAD, BASE), FlameText("maps", (), head="new", base="old")))
    page.goto(file.as_uri())


def test_searching_says_what_share_matches(page: Page) -> None:
    page.get_by_label("Search").fill("/^gr|copy/")
    expect(page.get_by_role("status")).to_have_text("20.0 % of samples match /^gr|copy/")
    page.get_by_label("Width").select_option("base")
    expect(page.get_by_role("status")).to_have_text("70.0 % of samples match /^gr|copy/")


def test_a_click_zooms_and_escape_resets(page: Page) -> None:
    frame = page.locator(".frame", has_text="grow")
    before = frame.bounding_box()
    frame.click()
    after = frame.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 4 * before["width"]
    expect(page.get_by_role("status")).to_have_text("grow — 70.0 % → 20.0 % (−50.00 pp)")
    page.locator("#graph").press("Escape")
    assert frame.bounding_box() == before


def test_the_keyboard_walks_the_stacks(page: Page) -> None:
    graph = page.locator("#graph")
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        graph.press(key)
    expect(page.get_by_role("status")).to_contain_text("grow")
    graph.press("ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("look")
