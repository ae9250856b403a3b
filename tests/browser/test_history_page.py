"""The history page as a person uses it: from a step in a line to the two commits it lies between."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from synthetic_commits import ATTACK

CHURN = "/history?subject=slab&benchmark=alloc.Churn&metric=time"


def test_a_change_leads_to_its_commit_and_on_to_the_comparison_with_the_one_before(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + CHURN)
    expect(page.locator("#history-graph .scatterlayer .point").first).to_be_visible()
    expect(page.locator("#history-graph .legend")).to_contain_text("✗ crashed")
    page.get_by_role("link", name=re.compile("v0.24")).first.click()
    details = page.get_by_role("complementary")
    expect(details).to_contain_text("clock, sampled: CLOCK_MONOTONIC")
    expect(page).to_have_url(re.compile("commit=000000190000"))
    page.reload()
    expect(details.get_by_role("link", name=re.compile("Compare with v0.23"))).to_be_visible()
    details.get_by_role("link", name=re.compile("Compare with v0.23")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(page.locator("#headline")).to_contain_text("5 regressed")
    page.go_back()
    expect(details).to_contain_text("v0.24")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
    page.go_back()
    expect(details).to_be_visible()


def test_from_a_red_row_of_the_comparison_to_the_guilty_commit_are_three_clicks(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + "/compare?subject=slab&base=v0.20&head=v0.38&verdict=regressed")
    page.get_by_label("Case contains").filter(visible=True).fill("churn 256")
    expect(page).to_have_url(re.compile(r"text=churn\+256"))
    row = page.locator("#grid .ag-pinned-left-cols-container .ag-row")
    expect(row).to_have_count(1)

    row.click()
    page.get_by_role("complementary").get_by_role("link", name="Over commits").click()
    page.get_by_role("region", name="changes for good").get_by_role("link", name=re.compile("v0.24")).click()

    guilty = page.get_by_role("complementary")
    expect(guilty).to_contain_text("00000019" * 5)
    page.reload()
    expect(guilty).to_contain_text("00000019" * 5)
    guilty.get_by_role("link", name="Bisect it").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nobody has searched for the commit that changed alloc.Churn(size=256) yet")
    expect(alert).to_contain_text(f"--good {'00000018' * 5} --bad {'00000019' * 5}")
    page.go_back()
    expect(guilty).to_contain_text("00000019" * 5)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(page.get_by_role("complementary")).to_contain_text("alloc.Churn(size=256)")


def test_a_commit_opens_beside_a_picture_that_stays_and_opens_again(page: Page, commits_site: str) -> None:
    page.goto(commits_site + CHURN)
    graph, details = page.locator("#history-graph"), page.get_by_role("complementary")
    expect(graph.locator(".scatterlayer .point").first).to_be_visible()
    graph.evaluate("node => { node.dataset.kept = 'yes'; }")
    link = page.get_by_role("link", name=re.compile("v0.24")).first
    for _ in range(2):
        link.click()
        expect(details).to_contain_text("v0.24")
        page.keyboard.press("Escape")
        expect(details).to_be_hidden()
    expect(graph).to_have_attribute("data-kept", "yes")


def test_a_picture_is_drawn_again_only_where_its_place_became_larger_or_smaller(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + CHURN)
    expect(page.locator("#history-graph .scatterlayer .point").first).to_be_visible()
    graph = page.locator("#history-graph .js-plotly-plot")
    expect(graph).not_to_have_class(re.compile("pending"))
    measured = """async graph => {
        let times = 0;
        graph.on("plotly_relayout", () => { times += 1; });
        await Plotly.Plots.resize(graph);
        return [times, Math.round(graph._fullLayout.width - graph.clientWidth)];
    }"""
    # the page may still be coming to its size: what is asked is that a picture of that size is left alone
    page.wait_for_function(
        f"async graph => String(await ({measured})(graph)) === '0,0'", arg=graph.element_handle()
    )
    graph.evaluate("""graph => {
        window.drawn = 0;
        graph.on("plotly_relayout", () => { window.drawn += 1; });
        graph.parentElement.style.width = "500px";
        Plotly.Plots.resize(graph);
    }""")
    # whoever looks first draws it, Dash or we
    fits = "Math.round(graph._fullLayout.width - graph.clientWidth) === 0"
    page.wait_for_function(f"graph => window.drawn >= 1 && {fits}", arg=graph.element_handle())


def test_a_drag_zooms_and_the_address_remembers_it(page: Page, commits_site: str) -> None:
    page.goto(commits_site + CHURN)
    plot = page.locator("#history-graph .nsewdrag").first
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, middle, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("from=.*to="))
    expect(page.locator("#history-body")).to_contain_text("of 40 commits")
    address = page.url
    page.reload()
    expect(page.locator("#history-body")).to_contain_text("of 40 commits")
    assert page.url == address
    page.get_by_role("link", name="all commits").click()
    expect(page.locator("#history-body")).not_to_contain_text("of 40 commits")


def test_pickers_narrow_normalise_and_are_in_the_address(page: Page, commits_site: str) -> None:
    page.goto(commits_site + CHURN)
    page.get_by_label("Parameters", exact=True).filter(visible=True).first.click()
    page.get_by_role("option", name="size=64", exact=True).click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("params=size%3D64"))
    expect(page.locator("#history-body")).to_contain_text("1 line")
    page.get_by_label("Values", exact=True).filter(visible=True).first.click()
    page.get_by_role("option", name="relative to the first level").click()
    expect(page).to_have_url(re.compile("scale=relative"))
    expect(page.locator("#history-grid")).to_contain_text("×1.2")
    page.get_by_label("Benchmark", exact=True).filter(visible=True).first.click()
    page.get_by_role("option", name="tlb.Walk").click()
    expect(page).to_have_url(re.compile("benchmark=tlb.Walk"))
    assert "params=" not in page.url
    expect(page.locator("#history-body")).to_contain_text("tlb.Walk.track_")
    page.go_back()
    expect(page.locator("#history-body")).to_contain_text("alloc.Churn.track_time")


def test_the_table_says_what_crashed_and_downloads(page: Page, commits_site: str, tmp_path: Path) -> None:
    page.goto(commits_site + CHURN + "&from=0000000a0000&to=000000200000")
    expect(page.locator("#history-grid")).to_contain_text("does not build")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    download.value.save_as(tmp_path / "history.csv")
    with (tmp_path / "history.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    crashed = [line for line in lines if line["state"] == "crashed"]
    assert len(crashed) == 15
    assert {line["value"] for line in crashed} == {""}
    page.locator("#history-grid .ag-cell").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary")).to_be_visible()


def test_hostile_names_and_addresses_are_text(page: Page, commits_site: str) -> None:
    page.goto(commits_site + CHURN + "&commit=000000040000")
    expect(page.get_by_role("complementary")).to_contain_text(ATTACK)
    page.goto(commits_site + "/history?subject=%3Cimg+src=x+onerror=window.pwned=1%3E")
    expect(page.get_by_role("alert")).to_contain_text("There is no subject “<img src=x")
    assert page.locator("img[src=x]").count() == 0


class TestOnAPhone:
    @pytest.fixture
    def width(self) -> int:
        return 390

    def test_nothing_is_wider_than_the_screen(self, page: Page, commits_site: str) -> None:
        page.goto(commits_site + CHURN)
        expect(page.locator("#history-graph .scatterlayer .point").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
