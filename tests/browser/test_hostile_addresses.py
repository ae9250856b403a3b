"""Addresses that an attacker would send somebody, on every page."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from synthetic_commits import ATTACK

from dashboard.data.trend import FIELDS

PAGES = ("/", "/compare", "/history", "/curve", "/profile", "/crashes", "/bisect", "/machines", "/live")
HOSTILE = quote(ATTACK)
NAMES = {*FIELDS, "base", "head", "case", "event", "row", "search", "good", "bad", "crash", "kind", "text"}
QUERY = "&".join(f"{name}={HOSTILE}" for name in sorted(NAMES - {"subject"}))


@pytest.mark.parametrize("subject", ["slab", HOSTILE, "..%2f..%2fetc"])
def test_no_page_runs_what_an_address_brings(page: Page, commits_site: str, subject: str) -> None:
    for path in PAGES:
        page.goto(f"{commits_site}{path}?subject={subject}&{QUERY}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("img[src=x]").count() == 0, path


@pytest.mark.parametrize("path", ["/nowhere", "/constructor", "/__proto__", "/passing", "/compare/"])
def test_an_address_of_no_page_says_so_and_leads_on(page: Page, commits_site: str, path: str) -> None:
    page.goto(commits_site + path)
    expect(page.get_by_role("heading", level=1)).to_have_text("No such page")
    page.locator("#page").get_by_role("link", name="overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
