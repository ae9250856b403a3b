"""Pages that take long to draw stand by while somebody is elsewhere."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import synthetic_commits
from driving import all_built, asked, first_held, serving
from playwright.sync_api import Page, Route, expect

COMPARE = "/compare?subject=slab&base=v0.20&head=v0.38"
WALK = "/history?subject=slab&benchmark=tlb.Walk"
CURVE = "/curve?subject=slab&benchmark=tlb.Walk"
NEWEST = synthetic_commits.revision(synthetic_commits.COMMITS - 1)


def go(page: Page, title: str) -> None:
    page.locator("#nav").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def until(page: Page, happened: Callable[[], bool]) -> None:
    """Wait for what no element of the page shows, for half a minute at most."""
    for _ in range(300):
        if happened():
            return
        page.wait_for_timeout(100)


def test_who_comes_back_finds_a_page_as_it_was_left_and_nothing_of_it_is_asked_again(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    rows = page.locator("#grid .ag-body-viewport")
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    expect(page.locator("#forest .main-svg").first).to_be_visible()
    all_built(page)
    rows.evaluate("node => { node.scrollTop = 150; node.dataset.mine = 'the same'; }")
    go(page, "Crashes")
    told = asked(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(rows).to_have_attribute("data-mine", "the same")
    assert rows.evaluate("node => node.scrollTop") == 150
    until(page, lambda: bool(told))
    assert told == ["version.data"], "whether the results have changed, a second later"


def test_a_table_that_stands_by_is_at_its_top_until_somebody_comes_back_to_what_it_shows(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    rows = page.locator("#grid .ag-body-viewport")
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    rows.evaluate("node => { node.scrollTop = 150; }")
    go(page, "Crashes")
    expect(rows).to_have_js_property("scrollTop", 0)
    page.go_back()
    expect(rows).to_have_js_property("scrollTop", 150)
    go(page, "Crashes")
    expect(rows).to_have_js_property("scrollTop", 0)
    go(page, "Compare")
    expect(page.locator("#headline")).to_contain_text(NEWEST.name)
    assert rows.evaluate("node => node.scrollTop") == 0
    go(page, "Crashes")
    page.go_back()
    page.wait_for_timeout(1_000)
    assert rows.evaluate("node => node.scrollTop") == 0, "where another comparison was left"


def test_what_a_page_that_stands_by_has_to_ask_goes_out_before_it_is_drawn(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    all_built(page)
    go(page, "Crashes")
    page.evaluate("""() => {
        window.told = [];
        const ask = window.fetch;
        window.fetch = (...asked) => { window.told.push("asked"); return ask(...asked); };
        const room = document.querySelector("#grid").closest(".pw-away");
        const watch = new MutationObserver(() => { window.told.push("shown"); });
        watch.observe(room, {attributeFilter: ["class"]});
    }""")
    go(page, "Compare")
    expect(page.locator("#headline")).to_contain_text(NEWEST.name)
    assert page.evaluate("window.told.slice(0, 2)") == ["asked", "shown"]


def test_pages_that_stay_are_built_while_another_is_read_with_what_will_be_seen_of_them(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site)
    expect(page.locator("#grid .ag-row").first).to_be_attached()
    expect(page.locator("#history-graph .main-svg").first).to_be_attached()
    expect(page.locator("#curve-graph .main-svg").first).to_be_attached()
    assert page.url == f"{commits_site}/"
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    told = asked(page)
    go(page, "Compare")
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    assert "compare-room" not in "".join(told)


def test_who_comes_while_a_page_is_built_ahead_is_shown_what_the_link_asks_for(
    page: Page, commits_site: str
) -> None:
    held = first_held(page, "compare-room")
    page.goto(commits_site)
    until(page, lambda: bool(held))
    href = COMPARE.replace("&", "&amp;")
    page.evaluate(
        """href => document.querySelector("h1").insertAdjacentHTML(
        "afterend", `<a id="onward" data-followed href="${href}">onward</a>`)""",
        href,
    )
    page.locator("#onward").click()
    expect(page.locator("#headline")).to_contain_text("v0.20")
    held[0].continue_()
    page.wait_for_timeout(1_000)
    expect(page.locator("#headline")).to_contain_text("v0.20")


def test_another_address_of_a_page_that_stands_by_is_answered(page: Page, commits_site: str) -> None:
    page.goto(commits_site + COMPARE)
    expect(page.locator("#headline")).to_contain_text("v0.20")
    go(page, "History")
    go(page, "Compare")
    expect(page.locator("#headline")).not_to_contain_text("v0.20")
    expect(page.locator("#headline")).to_contain_text(NEWEST.name)


def test_a_page_that_stands_by_is_neither_reached_nor_closed_by_keys(page: Page, commits_site: str) -> None:
    page.goto(commits_site + COMPARE)
    page.locator("#grid .ag-row .ag-cell").first.click()
    expect(page.locator("#details-title")).not_to_be_empty()
    opened = page.url
    go(page, "History")
    elsewhere = page.url
    page.keyboard.press("Escape")
    stops: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.closest('.pw-away') ? 'away' : 'here'"))
    assert stops == {"here"}
    assert page.url == elsewhere
    page.go_back()
    expect(page).to_have_url(opened)
    expect(page.locator("#details-title")).to_be_visible()


def test_a_page_that_has_grown_old_while_it_stood_by_is_drawn_anew(page: Page, tmp_path: Path) -> None:
    whole = synthetic_commits.build(tmp_path / "whole") / "slab"
    root = tmp_path / "results"
    newest = f"{NEWEST.commit[:8]}*"
    shutil.copytree(whole, root / "slab", ignore=shutil.ignore_patterns(newest))
    with serving(root) as address:
        page.goto(address + "/compare")
        expect(page.locator("#headline")).to_contain_text("v0.38")
        expect(page.locator("#headline")).not_to_contain_text(NEWEST.name)
        go(page, "Crashes")
        for path in whole.glob(f"*/{newest}"):
            shutil.copy(path, root / "slab" / path.parent.name)
        until(page, lambda: NEWEST.name in page.request.get(address).text())
        go(page, "Compare")
        expect(page.locator("#headline")).to_contain_text(NEWEST.name)


def test_a_page_that_does_not_stay_ends_when_another_has_come(page: Page, commits_site: str) -> None:
    page.goto(commits_site + "/live")
    expect(page.locator("#live-status")).to_be_visible()
    go(page, "Curve")
    expect(page.locator("#live-status")).to_have_count(0)


def test_what_was_left_goes_only_when_the_page_that_has_come_is_at_rest(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    go(page, "Live")
    expect(page.locator("#live-status")).to_be_visible()
    held: list[Route] = []
    page.route(
        "**/_dash-update-component*",
        lambda route: held.append(route) if "headline" in route.request.post_data else route.continue_(),
    )
    page.clock.install()
    go(page, "Compare")
    until(page, lambda: bool(held))
    page.clock.run_for(10_000)
    expect(page.locator("#live-status")).to_have_count(1)
    held[0].continue_()
    expect(page.locator("#headline")).to_contain_text(NEWEST.name)
    page.clock.run_for(10_000)
    expect(page.locator("#live-status")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "last", "parts"),
    [
        (COMPARE, "#forest .main-svg", ["question", "forest"]),
        (WALK, "#history-grid .ag-row", ["history-subject", "history-grid"]),
        (f"{CURVE}&base=v0.20&head=v0.38", "#curve-graph .main-svg", ["curve-subject"]),
    ],
)
def test_another_address_is_asked_once_and_what_the_page_fills_in_by_itself_is_no_choice(
    page: Page, commits_site: str, path: str, last: str, parts: list[str]
) -> None:
    page.goto(commits_site + path)
    expect(page.locator(last).first).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    all_built(page)
    go(page, "Crashes")
    told = asked(page)
    go(page, title)
    until(page, lambda: "version.data" in told and len(told) > len(parts))
    assert sorted(output.strip(".").partition(".")[0] for output in told) == sorted([*parts, "version"])
