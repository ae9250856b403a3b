"""What a step within a page draws, it draws once, and leaves alone what stays as it is."""

import re
import shutil
from collections.abc import Iterator

import pytest
from driving import wait_for_scripts
from playwright.sync_api import Browser, Page, expect

WALK = "/curve?subject=slab&benchmark=tlb.Walk&metric=dtlb_misses&base=v0.20&head=v0.38"
NEXT = "/curve?subject=slab&benchmark=tlb.Walk&metric=dtlb_misses&base=v0.26&head=v0.38"
NOWHERE = "/curve?subject=slab&benchmark=none.Such"
FOLLOW = """where => {
  window.history.pushState({}, "", where);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}"""


@pytest.fixture
def low(browser: Browser) -> Iterator[Page]:
    """A page with scroll bars, as a person's has, in a window that a plot does not fit into."""
    launched = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--hide-scrollbars"],
    )
    opened = launched.new_page(viewport={"width": 1000, "height": 520})
    wait_for_scripts(opened)
    yield opened
    launched.close()


def test_a_plot_is_as_wide_on_a_page_that_scrolls_as_before_it_did_and_is_not_drawn_for_it_again(
    low: Page, commits_site: str
) -> None:
    low.goto(commits_site + WALK)
    graph = low.locator("#curve-graph .js-plotly-plot")
    expect(graph.locator(".scatterlayer .point").first).to_be_visible()
    scrolls = "() => document.documentElement.scrollHeight > window.innerHeight"
    assert low.evaluate(scrolls)
    low.wait_for_timeout(1_000)
    graph.evaluate(
        "graph => { window.again = 0; graph.on('plotly_relayout', () => { window.again += 1; }); }"
    )
    low.evaluate(FOLLOW, NOWHERE)
    expect(low.get_by_role("alert")).to_be_visible()
    assert not low.evaluate(scrolls)
    # Plotly takes a tenth of a second until it looks how large its place is
    low.wait_for_timeout(1_000)
    low.evaluate(FOLLOW, NEXT)
    expect(low.locator("#curve-graph .legend")).to_contain_text("base v0.26")
    low.wait_for_timeout(1_000)
    assert low.evaluate("window.again") == 0


def test_rows_of_another_comparison_are_drawn_at_the_top_and_not_before_where_the_table_was_left(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + "/compare?subject=slab&base=v0.20&head=v0.38")
    rows = page.locator("#grid .ag-body-viewport")
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    rows.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    last = int(page.locator("#grid .ag-root").get_attribute("aria-rowcount") or 0)
    expect(page.locator(f"#grid .ag-row[aria-rowindex='{last}']").first).to_be_visible()
    page.evaluate("""() => {
        window.drawn = new Set();
        new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => {
            if (node.matches?.(".ag-row")) { window.drawn.add(Number(node.getAttribute("row-index"))); }
        }))).observe(document.querySelector("#grid"), {subtree: true, childList: true});
    }""")
    page.locator("#swap").click()
    expect(page.locator("#grid .ag-row[row-index='0']").first).to_be_visible()
    assert rows.evaluate("node => node.scrollTop") == 0
    drawn = page.evaluate("[...window.drawn]")
    assert 0 in drawn
    assert max(drawn) < last - 5


def test_rows_of_another_comparison_fill_those_that_stand_there(page: Page, commits_site: str) -> None:
    page.goto(commits_site + "/compare?subject=slab&base=v0.20&head=v0.38")
    first = page.locator("#grid .ag-center-cols-container .ag-row[row-index='0']")
    first.evaluate("row => { row.dataset.mine = 'the same'; }")
    before = first.inner_text()
    page.locator("#swap").click()
    expect(first).not_to_have_text(before)
    expect(first).to_have_attribute("data-mine", "the same")


def test_a_picker_shows_what_the_page_fills_it_with_as_soon_as_the_rest(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + "/compare?subject=slab&base=v0.20&head=v0.38")
    head = page.locator("#head")
    expect(head).to_have_value(re.compile("^v0.38"))
    page.evaluate("""() => {
        const headline = document.getElementById("headline");
        new MutationObserver(() => { window.shown ??= document.getElementById("head").value; })
            .observe(headline, {subtree: true, childList: true, characterData: true});
    }""")
    page.locator("#swap").click()
    expect(head).to_have_value(re.compile("^v0.20"))
    assert page.evaluate("window.shown").startswith("v0.20")


def test_who_chooses_in_a_picker_keeps_the_keyboard_there_while_the_page_is_filled(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + "/compare?subject=slab&base=v0.20&head=v0.38")
    head = page.locator("#head")
    head.fill("v0.26")
    page.get_by_role("option", name="v0.26").first.wait_for()
    head.press("ArrowDown")
    head.press("Enter")
    expect(page.locator("#headline")).to_contain_text("v0.26")
    expect(head).to_be_focused()
    expect(head).to_have_value(re.compile("^v0.26"))
