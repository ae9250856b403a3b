"""The crashes page as a person uses it: which kind, since when, where, and what it said before it died."""

import re

from playwright.sync_api import Page, expect
from synthetic_commits import ATTACK


def test_a_cell_opens_the_record_with_its_traceback_and_the_address_brings_it_back(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + "/crashes?subject=slab")
    matrix = page.get_by_role("region", name="outcomes by revision and machine")
    expect(matrix.get_by_role("row", name=re.compile("v0.30"))).to_contain_text("does not build")
    expect(matrix.get_by_role("row", name=re.compile("v0.13"))).to_contain_text("ok")
    matrix.get_by_role("row", name=re.compile("v0.10")).get_by_role("link").click()
    details = page.get_by_role("complementary")
    expect(details).to_contain_text("SIGABRT")
    expect(details.get_by_label("call stack")).to_contain_text("slab_free (p=0x10) at slab.c:88")
    expect(details.get_by_label("last output")).to_contain_text(ATTACK)
    page.reload()
    expect(details).to_contain_text("slab: corrupted free list")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()


def test_a_kind_narrows_the_revisions_to_where_it_was_seen_and_its_record_names_the_commit(
    page: Page, commits_site: str
) -> None:
    page.goto(commits_site + "/crashes?subject=slab")
    page.get_by_label("Kind", exact=True).first.click()
    page.get_by_role("option", name=re.compile("SIGSEGV")).click()
    expect(page).to_have_url(re.compile("kind=[0-9a-f]{12}"))
    matrix = page.get_by_role("region", name="outcomes by revision and machine")
    expect(matrix.get_by_role("row", name=re.compile("v0.12"))).to_contain_text("crashed")
    expect(matrix.get_by_role("row", name=re.compile("v0.30"))).to_have_count(0)
    page.get_by_role("region", name="kinds of crashes").get_by_role("link").click()
    details = page.get_by_role("complementary")
    expect(details).to_contain_text("0000000d" * 5)
    page.reload()
    expect(details).to_contain_text("0000000d" * 5)
    page.go_back()
    expect(details).to_be_hidden()
    page.go_back()
    expect(matrix.get_by_role("row", name=re.compile("v0.30"))).to_have_count(1)
