"""A pointer or the keyboard that rests on a link tells the server where somebody is about to go."""

import json

from playwright.sync_api import Page, Request, Route, expect


def told(page: Page) -> list[str]:
    """Return the queries that the server will have been told from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/_foresee"):
            found.append(json.loads(request.post_data or "{}")["query"])

    page.on("request", note)
    return found


def open_overview(page: Page, site: str) -> str:
    """Open the first page and return the query of a link on it."""
    page.goto(site)
    link = page.locator("#page a[href^='/compare?']").first
    expect(link).to_be_visible()
    page.mouse.move(0, 0)
    return (link.get_attribute("href") or "").removeprefix("/compare")


def test_a_link_that_a_pointer_rests_on_is_told_once(page: Page, commits_site: str) -> None:
    query = open_overview(page, commits_site)
    found = told(page)
    for _ in range(2):
        page.locator("#page a[href^='/compare?']").first.hover()
        page.wait_for_timeout(500)
        page.mouse.move(0, 0)
    assert found == [query]


def test_a_link_that_the_keyboard_comes_to_is_told_as_well(page: Page, commits_site: str) -> None:
    query = open_overview(page, commits_site)
    with page.expect_request("**/_foresee") as asked:
        page.locator("#page a[href^='/compare?']").first.focus()
    assert json.loads(asked.value.post_data or "{}") == {"path": "/compare", "query": query}


def test_a_button_that_goes_down_on_a_link_is_told_at_once(page: Page, commits_site: str) -> None:
    open_overview(page, commits_site)
    # Nobody rests while the page has no time of its own
    page.clock.install()
    page.locator("#page a[href^='/compare?']").first.hover()
    with page.expect_request("**/_foresee"):
        page.mouse.down()
        page.clock.run_for(1)
    page.mouse.up()


def test_neither_links_without_a_question_nor_pointers_that_pass_by_are_told(
    page: Page, commits_site: str
) -> None:
    open_overview(page, commits_site)
    found = told(page)
    # The page's time stands still but for what is said here
    page.clock.install(time=0)
    page.clock.pause_at(60)
    page.locator("#page a[href^='/compare?']").first.hover()
    page.clock.run_for(20)
    page.mouse.move(0, 0)
    page.locator("#nav").get_by_role("link", name="Crashes").hover()
    page.clock.run_for(5000)
    assert found == []


def test_of_links_that_are_rested_on_while_the_server_is_busy_the_last_one_is_told_when_it_is_done(
    page: Page, commits_site: str
) -> None:
    open_overview(page, commits_site)
    links = page.locator("#page a[href^='/compare?']").all()
    queries = list(
        dict.fromkeys((link.get_attribute("href") or "").removeprefix("/compare") for link in links)
    )
    found = told(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/_foresee", hold)
    for query in queries[:3]:
        page.locator(f"#page a[href='/compare{query}']").first.hover()
        page.wait_for_timeout(300)
    assert found == queries[:1]
    held[0].fulfill(status=204)
    page.wait_for_timeout(300)
    assert found == [queries[0], queries[2]]
