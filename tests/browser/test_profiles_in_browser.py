"""The profile page as a person uses it: one commit, then what changed since another, then a function."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import synthetic_commits
from axes import complaints, fetch_axe
from driving import serving
from playwright.sync_api import Browser, Page, expect
from synthetic_timelines import keep_timeline
from test_profile_page import AFTER, BEFORE, with_profiles


@pytest.fixture(scope="module")
def profiles_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = with_profiles(synthetic_commits.build(tmp_path_factory.mktemp("profiles")))
    for case in synthetic_commits.CHURN:
        keep_timeline(root, synthetic_commits.revision(10), str(case))
    with serving(root) as address:
        yield address


def test_what_happened_when_stands_below_the_graph_and_beside_the_crash(
    page: Page, profiles_site: str
) -> None:
    page.goto(f"{profiles_site}/profile?subject=slab&event=cpu-clock&head={AFTER.commit[:8]}")
    events = page.get_by_role("region", name="events of the time line")
    expect(events.get_by_role("row", name=re.compile("SIGABRT ends it"))).to_be_visible()
    expect(events.get_by_role("row", name=re.compile("Go stops the world for 30.0 µs"))).to_be_visible()
    expect(page.get_by_role("region", name="plot of the time line").locator(".scatterlayer")).to_be_visible()
    page.goto(f"{profiles_site}/crashes?subject=slab")
    matrix = page.get_by_role("region", name="outcomes by revision and machine")
    matrix.get_by_role("row", name=re.compile("v0.10")).get_by_role("link").click()
    beside = page.get_by_role("complementary").get_by_role("region", name="events of the time line")
    expect(beside.get_by_role("row", name=re.compile("page fault, read"))).to_contain_text("0x10")


def test_a_probes_values_are_a_histogram_with_its_table(page: Page, profiles_site: str) -> None:
    page.goto(f"{profiles_site}/profile?subject=slab&event=probe_malloc_size_&head={AFTER.commit[:8]}")
    rows = page.get_by_role("region", name="calls by size", exact=True)
    expect(rows.get_by_role("row", name=re.compile("^16 … 31"))).to_contain_text(str(8 * 20 + 28))
    expect(page.get_by_role("region", name="plot of calls by size").locator(".barlayer")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="values", exact=True).click()
    assert saved.value.suggested_filename == "pagewalk-profile.arguments.csv"


def test_choosing_a_commit_before_shows_what_changed_and_the_address_brings_it_back(
    page: Page, profiles_site: str
) -> None:
    page.goto(profiles_site + "/profile?subject=slab")
    graph = page.frame_locator("iframe")
    expect(graph.locator(".frame", has_text="look")).to_be_visible()
    page.get_by_label("Before").filter(visible=True).first.click()
    page.get_by_role("option", name=BEFORE.name, exact=True).click()
    expect(page).to_have_url(re.compile(f"base={BEFORE.commit[:8]}"))
    expect(graph.get_by_role("row", name=re.compile("^grow"))).to_contain_text("yes")
    page.reload()
    graph.locator(".frame", has_text="grow").click()
    expect(graph.get_by_role("status")).to_contain_text("grow — 70.3 % → 22.5 %")
    with page.expect_download() as saved:
        graph.get_by_role("button", name="Save PNG").click()
    assert saved.value.suggested_filename == "pagewalk-flame.png"
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename == "pagewalk-profile.csv"
    page.go_back()
    expect(page).not_to_have_url(re.compile("base="))
    expect(graph.locator(".frame", has_text="look")).to_be_visible()


def test_a_row_of_the_comparison_leads_to_its_profile_in_one_click(page: Page, profiles_site: str) -> None:
    sides = f"base={BEFORE.commit}&head={AFTER.commit}"
    page.goto(f"{profiles_site}/compare?subject=slab&{sides}&row=alloc.Churn(size=16)|time")
    page.get_by_role("complementary").get_by_role("link", name="Profile it").first.click()
    expect(page.frame_locator("iframe").locator(".frame", has_text="grow")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_complaint_about_a_flame_graph(
    browser: Browser, profiles_site: str, tmp_path: Path, scheme: Any
) -> None:
    address = f"{profiles_site}/profile?subject=slab&base={BEFORE.commit}&head={AFTER.commit}"
    axe = fetch_axe(tmp_path)
    assert complaints(browser, address, axe, scheme) == []
    framed = address.replace("/profile?", "/flame/graph?")
    assert complaints(browser, framed, axe, scheme) == []
