"""What goes with every step from page to page: the title of the document, and what the server is asked."""

from driving import all_built, asked, first_held
from playwright.sync_api import Page, Route, expect

COMPARE = "/compare?subject=slab&base=v0.20&head=v0.38"


def test_the_title_says_what_is_looked_at_and_follows_the_address(page: Page, commits_site: str) -> None:
    page.goto(commits_site + COMPARE)
    expect(page).to_have_title("v0.20 → v0.38 · slab · Compare · pagewalk")
    page.locator("#swap").click()
    expect(page).to_have_title("v0.38 → v0.20 · slab · Compare · pagewalk")
    page.locator("#nav").get_by_role("link", name="Machines").click()
    expect(page).to_have_title("Machines · pagewalk")
    page.go_back()
    expect(page).to_have_title("v0.38 → v0.20 · slab · Compare · pagewalk")
    page.go_back()
    expect(page).to_have_title("v0.20 → v0.38 · slab · Compare · pagewalk")


def test_who_leaves_a_page_asks_for_the_next_one_and_for_nothing_of_the_one_that_is_left(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    all_built(page)
    told = asked(page)
    page.locator("#nav").get_by_role("link", name="History").click()
    expect(page.locator("#history-graph .scatterlayer").first).to_be_visible()
    page.locator("#nav").get_by_role("link", name="Crashes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crashes")
    of_others = [output for output in told if not output.strip(".").startswith("history-")]
    assert of_others == ["..passing-room.children...passing-room-drawn.data.."]


def test_what_opens_beside_a_page_leaves_the_page_alone(page: Page, commits_site: str) -> None:
    page.goto(commits_site + COMPARE)
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    told = asked(page)
    page.locator("#grid .ag-row .ag-cell").first.click()
    expect(page.locator("#details-title")).not_to_be_empty()
    page.locator("#close").click()
    expect(page.locator("#details")).to_be_hidden()
    page.go_back()
    expect(page.locator("#details-title")).not_to_be_empty()
    assert not [output for output in told if "question." in output]


def test_a_line_at_the_top_says_that_an_answer_takes_longer(page: Page, commits_site: str) -> None:
    page.goto(commits_site + "/machines")
    line = page.locator("._dash-loading-callback")
    expect(line).to_have_count(0)
    held: list[Route] = []
    seen: list[str] = []

    def hold(route: Route) -> None:
        route.continue_() if seen else held.append(route)

    page.route("**/_dash-update-component*", hold)
    page.locator("#nav").get_by_role("link", name="Curve").click()
    expect(line).to_have_css("opacity", "1")
    seen.append("the line")
    for route in held:
        route.continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Curve")
    expect(line).to_have_count(0)


def test_what_the_server_is_asked_about_is_not_drawn_anew_to_be_marked(page: Page, commits_site: str) -> None:
    page.goto(commits_site + COMPARE)
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    page.evaluate("""() => {
        window.marked = 0;
        const count = changes => { window.marked += changes.length; };
        new MutationObserver(count).observe(
            document.body, {subtree: true, attributes: true, attributeFilter: ["data-dash-is-loading"]});
    }""")
    page.locator("#swap").click()
    expect(page).to_have_title("v0.38 → v0.20 · slab · Compare · pagewalk")
    expect(page.locator("#headline")).to_contain_text("v0.38")
    expect(page.locator("._dash-loading-callback")).to_have_count(0)
    assert page.evaluate("window.marked") == 0


def test_elements_are_told_of_steps_that_change_what_they_show_and_of_no_others(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    expect(page.locator("#grid .ag-row").first).to_be_visible()
    page.evaluate("""() => {
        const store = window.dash_stores[0];
        const within = ["callbacks", "loading"];
        const shown = () => Object.entries(store.getState()).filter(([part]) => !within.includes(part));
        let before = new Map(shown());
        window.told = {of_news: 0, of_nothing: 0};
        store.subscribe(() => {
            const isNews = shown().some(([part, value]) => before.get(part) !== value);
            window.told[isNews ? "of_news" : "of_nothing"] += 1;
            before = new Map(shown());
        });
    }""")
    page.locator("#swap").click()
    expect(page.locator("#headline .pw-names")).to_contain_text("v0.38 2")
    told = page.evaluate("window.told")
    assert told["of_news"] > 0
    assert told["of_nothing"] == 0


def test_what_is_open_is_closed_without_a_word_to_the_server_or_along_with_the_next_answer(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + COMPARE)
    page.locator("#grid .ag-row .ag-cell").first.click()
    expect(page.locator("#details")).to_be_visible()
    expect(page.locator("._dash-loading-callback")).to_have_count(0)
    told = asked(page)
    page.go_back()
    expect(page.locator("#details")).to_be_hidden()
    expect(page.locator("#grid .ag-row-selected")).to_have_count(0)
    assert not [output for output in told if "details." in output]
    page.go_forward()
    expect(page.locator("#details")).to_be_visible()
    page.locator("#nav").get_by_role("link", name="Compare").click()
    expect(page.locator("#headline")).not_to_contain_text("v0.20")
    expect(page.locator("#details")).to_be_hidden()
    assert len([output for output in told if "details." in output]) == 1


def test_what_was_to_open_stays_shut_for_who_has_gone_on_before_it_came(
    page: Page, commits_site: str
) -> None:
    held = first_held(page, "details.")
    page.goto(commits_site + COMPARE)
    page.locator("#grid .ag-row .ag-cell").first.click()
    expect(page.locator("._dash-loading-callback")).to_have_count(1)
    page.locator("#nav").get_by_role("link", name="Compare").click()
    expect(page.locator("#headline")).not_to_contain_text("v0.20")
    held[0].continue_()
    page.wait_for_timeout(1_000)
    expect(page.locator("#details")).to_be_hidden()
