"""The compare page as a person uses it."""

import csv
import json
import re
from pathlib import Path

import pytest
from driving import point_at
from playwright.sync_api import Locator, Page, Request, expect
from synthetic_results import ATTACK

GO = "/compare?subject=go"
MALLOC = "/compare?subject=malloc&base=v2.1.2&head=v2.1.4"


def rows(page: Page) -> Locator:
    return page.locator("#grid .ag-pinned-left-cols-container .ag-row")


def cases(page: Page) -> list[str]:
    """The first cells of all rows, from top to bottom."""
    found = rows(page).all()
    found.sort(key=lambda row: int(row.get_attribute("row-index") or 0))
    return [" ".join(row.inner_text().split()) for row in found]


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary")


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).filter(visible=True).first.click()
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Escape")


def test_a_row_opens_its_crash_record_and_its_address_brings_it_back(page: Page, site: str) -> None:
    page.goto(site + GO)
    expect(rows(page).first).to_contain_text("gomap.LockedExit")
    rows(page).first.click()
    expect(panel(page)).to_contain_text("0x7f00dead0010")
    expect(panel(page)).to_contain_text("fatal: gate opened")
    expect(page).to_have_url(re.compile("row=gomap.LockedExit"))

    page.reload()
    expect(panel(page)).to_contain_text("0x7f00dead0010")

    page.get_by_role("button", name="Close details").click()
    expect(panel(page)).to_be_hidden()
    assert "row=" not in page.url

    page.go_back()
    expect(panel(page)).to_contain_text("0x7f00dead0010")


def test_a_row_shows_the_samples_their_source_and_the_reason_for_what_is_missing(
    page: Page, site: str
) -> None:
    page.goto(site + GO)
    rows(page).filter(has_text="gomap.Assign").filter(has_text="L1 dTLB misses").click()
    expect(panel(page)).to_contain_text("no hardware PMU here")
    expect(panel(page)).to_contain_text(
        "hardware, sampled, estimated: counted 80% of the time: perf stat dTLB-load-misses"
    )
    expect(panel(page).locator(".js-plotly-plot .scatterlayer .point").first).to_be_visible()
    expect(panel(page)).to_contain_text("10 executions of base, 10 of head")


def test_filters_are_in_the_address_and_survive_reload_and_back(page: Page, site: str) -> None:
    page.goto(site + GO)
    expect(page.locator("#grid")).to_contain_text("visionfive2 · riscv64")
    pick(page, "Machines", "laptop")
    expect(page.locator("#grid")).not_to_contain_text("visionfive2 · riscv64")
    expect(page).to_have_url(re.compile("machine=laptop"))
    pick(page, "Metrics", "time")
    expect(rows(page)).to_have_count(2)

    page.reload()
    expect(rows(page)).to_have_count(2)
    expect(page.locator("#grid")).not_to_contain_text("visionfive2 · riscv64")

    page.go_back()
    expect(page).not_to_have_url(re.compile("metric="))
    expect(rows(page)).not_to_have_count(2)
    page.go_back()
    expect(page.locator("#grid")).to_contain_text("visionfive2 · riscv64")
    page.go_forward()
    expect(page.locator("#grid")).not_to_contain_text("visionfive2 · riscv64")


def test_typing_narrows_the_cases(page: Page, site: str) -> None:
    page.goto(site + GO)
    page.get_by_label("Case contains").filter(visible=True).fill("lookup 64")
    expect(page).to_have_url(re.compile(r"text=lookup\+64"))
    expect(rows(page).filter(has_text="Assign")).to_have_count(0)
    expect(rows(page).filter(has_text="Lookup").first).to_be_visible()


def test_sorting_is_in_the_address_and_never_sinks_a_crash(page: Page, site: str) -> None:
    page.goto(site + GO)
    heading = page.locator("#grid .ag-header-cell[col-id='base@laptop']")
    heading.click()
    expect(page).to_have_url(re.compile("sort=base%40laptop%3Aasc"))
    first = cases(page)
    assert "LockedExit" in first[0]
    heading.click()
    expect(page).to_have_url(re.compile("sort=base%40laptop%3Adesc"))
    page.wait_for_function(
        "document.querySelector(\"[col-id='base@laptop'].ag-header-cell\").ariaSort == 'descending'"
    )
    second = cases(page)
    assert "LockedExit" in second[0]
    assert second != first

    page.reload()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert cases(page) == second
    page.go_back()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert cases(page) == first


def test_a_filter_of_a_column_is_in_the_address_too(page: Page, site: str) -> None:
    page.goto(site + GO)
    heading = page.locator("#grid .ag-header-cell[col-id='metric']")
    # Shown only under the pointer, which a click brings by itself
    heading.locator(".ag-header-cell-filter-button").click(force=True)
    page.locator(".ag-filter input[type=text]").first.fill("faults")
    expect(page).to_have_url(re.compile("filter=.*faults"))
    expect(rows(page)).to_have_count(2)
    page.reload()
    expect(rows(page)).to_have_count(2)
    page.go_back()
    expect(rows(page)).not_to_have_count(2)


def test_swap_turns_a_regression_into_an_improvement(page: Page, site: str) -> None:
    page.goto(site + GO)
    expect(page.locator("#headline")).to_contain_text("1 broken")
    page.get_by_label("Swap base and head").click()
    expect(page.locator("#headline")).to_contain_text("1 fixed")
    expect(page).to_have_url(re.compile(r"base=go1.25.5%2Bnoswissmap&head=go1.25.5(&|$)"))
    page.go_back()
    expect(page.locator("#headline")).to_contain_text("1 broken")


def test_another_revision_and_another_subject_can_be_picked(page: Page, site: str) -> None:
    page.goto(site + MALLOC)
    expect(page.locator("#headline")).to_contain_text("1 broken")
    pick(page, "Head", "v2.1.7")
    expect(page).to_have_url(re.compile("head=v2.1.7"))
    expect(page.locator("#headline")).not_to_contain_text("broken")
    pick(page, "Subject", "go")
    expect(page).to_have_url(re.compile(r"/compare\?subject=go$"))
    expect(rows(page).first).to_contain_text("gomap.LockedExit")


def test_the_keyboard_opens_and_closes_a_row(page: Page, site: str) -> None:
    page.goto(site + GO)
    rows(page).nth(1).locator(".ag-cell").first.focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    page.get_by_role("button", name="Close details").focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_hidden()


def test_the_keyboard_goes_to_the_last_cell_of_a_table_and_to_the_first(page: Page, site: str) -> None:
    page.goto(site + GO)
    rows(page).nth(1).locator(".ag-cell").first.focus()
    page.keyboard.press("Control+End")
    expect(page.locator("#grid .ag-row-last .ag-column-last:focus")).to_be_in_viewport()
    page.keyboard.press("Control+Home")
    expect(page.locator("#grid .ag-row-first .ag-column-first:focus")).to_be_in_viewport()


def test_other_rows_are_read_from_the_top_wherever_the_ones_before_were_left(page: Page, site: str) -> None:
    page.goto(site + GO)
    expect(page.locator("#headline")).to_contain_text("1 broken")
    # So that a table of a few rows scrolls
    page.add_style_tag(content="#grid { height: 160px !important; }")
    viewport = page.locator("#grid .ag-body-viewport")
    viewport.evaluate("node => { node.scrollTop = 120; }")
    expect(viewport).not_to_have_js_property("scrollTop", 0)
    page.get_by_label("Swap base and head").click()
    expect(page.locator("#headline")).to_contain_text("1 fixed")
    expect(viewport).to_have_js_property("scrollTop", 0)


def test_a_point_of_the_plot_opens_its_row_again_and_again(page: Page, site: str) -> None:
    page.goto(site + GO)
    for _ in range(2):
        point_at(page, "#forest .scatterlayer .point", until="#forest .hoverlayer .hovertext")
        page.mouse.down()
        page.mouse.up()
        expect(panel(page)).to_contain_text("gomap.")
        page.get_by_role("button", name="Close details").click()
        expect(panel(page)).to_be_hidden()


def test_names_from_results_are_text_wherever_they_appear(page: Page, site: str) -> None:
    page.goto(site + MALLOC)
    hostile = rows(page).filter(has_text=ATTACK).first
    expect(hostile).to_be_visible()
    tip = point_at(page, f"#grid .ag-cell:has-text('{ATTACK}')", until=".ag-tooltip")
    expect(tip).to_contain_text(ATTACK)
    expect(page.locator("#forest .yaxislayer-above")).to_contain_text("<img src=x onerror")
    hostile.click()
    expect(panel(page)).to_contain_text(ATTACK)
    page.get_by_text("Facts of the machine").first.click()
    expect(panel(page)).to_contain_text("<b>laptop</b>")
    page.get_by_role("button", name="Close details").click()
    expect(panel(page)).to_be_hidden()
    point_at(page, "#forest .scatterlayer .point", until="#forest .hoverlayer .hovertext")
    assert page.locator("img[src=x]").count() == 0


def test_the_address_itself_may_be_hostile(page: Page, site: str) -> None:
    page.goto(site + "/compare?subject=go&base=%3Cimg+src=x+onerror=window.pwned=1%3E&row=%3Cscript%3E")
    expect(page.locator("#headline")).to_contain_text(
        "No revision “<img src=x onerror=window.pwned=1>” of go"
    )
    assert page.locator("img[src=x]").count() == 0


def test_after_an_address_of_nothing_a_picked_subject_fills_the_page(page: Page, site: str) -> None:
    page.goto(site + "/compare?subject=nothing")
    expect(page.locator("#headline")).to_contain_text("Subjects with results: go, malloc.")
    expect(page.locator("#grid")).to_be_hidden()
    pick(page, "Subject", "go")
    expect(rows(page).first).to_contain_text("gomap.LockedExit")
    page.locator("#forest .scatterlayer .point").first.scroll_into_view_if_needed()
    box = page.locator("#forest .main-svg").first.bounding_box()
    assert box is not None
    assert box["width"] > 1200


def test_the_table_downloads_as_csv_in_the_order_shown(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(site + MALLOC + "&metric=time&metric=outcome")
    expect(rows(page)).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename == "pagewalk-malloc-v2.1.2-v2.1.4.csv"
    path = tmp_path / "table.csv"
    download.value.save_as(path)
    with path.open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["verdict"] for line in lines] == ["broken", "regressed", "regressed"]
    assert float(lines[1]["ratio"]) == pytest.approx(1.2, rel=0.05)
    assert lines[1]["unit"] == "seconds"


def test_the_plot_downloads_as_png(page: Page, site: str) -> None:
    page.goto(site + GO)
    point_at(page, "#forest .scatterlayer .point", until="#forest [data-title*='png' i]")
    with page.expect_download() as download:
        page.locator("#forest [data-title*='png' i]").first.click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_theme_follows_the_toggle_and_is_remembered(page: Page, site: str) -> None:
    page.goto(site + GO)
    page.get_by_label("Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    expect(rows(page).first).to_be_visible()
    body = page.evaluate("getComputedStyle(document.querySelector('#grid .ag-row')).color")
    assert min(map(int, re.findall(r"\d+", body)[:3])) > 128


class TestOnAPhone:
    @pytest.fixture
    def width(self) -> int:
        return 390

    @pytest.mark.parametrize("path", ["/", GO, GO + "&row=gomap.Assign(elements%3D4096)|time"])
    def test_nothing_is_wider_than_the_screen(self, page: Page, site: str, path: str) -> None:
        page.goto(site + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    def test_a_number_is_visible_beside_its_case(self, page: Page, site: str) -> None:
        page.goto(site + GO)
        expect(rows(page).first).to_contain_text("gomap.LockedExit")
        box = page.locator("#grid .ag-pinned-left-cols-container").bounding_box()
        assert box is not None
        assert box["width"] < 200


def test_the_plot_below_the_table_is_not_drawn_while_the_table_is_still_loaded(
    page: Page, commits_site: str
) -> None:
    page.add_init_script("window.requestIdleCallback = () => 0;")  # nobody waits until the reader is idle
    page.set_viewport_size({"width": 1300, "height": 420})
    page.goto(commits_site + "/machines")
    page.locator("#nav").get_by_role("link", name="Compare").click()
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    expect(page.locator("#forest")).to_have_count(0)
    page.locator("#plot-note").scroll_into_view_if_needed()
    expect(page.locator("#forest .main-svg").first).to_be_visible()


def test_the_plot_is_asked_for_when_its_reader_comes_near_and_then_for_what_the_page_shows_by_now(
    page: Page, commits_site: str
) -> None:
    page.add_init_script("window.requestIdleCallback = () => 0;")  # nobody waits until the reader is idle
    page.set_viewport_size({"width": 1300, "height": 420})
    told: list[str] = []
    page.on("request", lambda request: told.append(request.post_data or ""))
    page.goto(commits_site + "/compare?subject=slab&base=v0.20&head=v0.38")
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    page.get_by_label("Case contains").filter(visible=True).fill("churn 256")
    expect(page.locator("#grid .ag-pinned-left-cols-container .ag-row")).to_have_count(1)
    assert not any("forest-place.asked" in body for body in told)
    page.locator("#plot-note").scroll_into_view_if_needed()
    expect(page.locator("#forest .yaxislayer-above")).to_contain_text("256")
    questions = [body for body in told if "forest-place.asked" in body]
    assert len(questions) == 1
    assert "text=churn+256" in questions[0]


def test_what_is_typed_into_a_picker_is_asked_and_forgotten_when_it_is_left(page: Page, site: str) -> None:
    page.goto(site + MALLOC)
    expect(rows(page).first).to_be_visible()
    typed: list[str] = []

    def note(request: Request) -> None:
        told = json.loads(request.post_data or "{}").get("inputs", [])
        typed.extend(part["value"] for part in told if part["id"] == "head-typed")

    page.on("request", note)
    head = page.get_by_label("Head", exact=True).filter(visible=True).first
    head.fill("2.1.7")
    expect(page.get_by_role("option")).to_have_count(1)
    page.get_by_role("heading", level=1).click()
    expect(head).to_have_value(re.compile("v2.1.4"))
    assert typed == ["2.1.7", ""]
