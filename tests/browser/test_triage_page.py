"""What needs attention, from the overview to the guilty commit; and deciding about it, with leave."""

import re
from pathlib import Path

import synthetic_commits
from driving import serving
from playwright.sync_api import Page, expect

from pagewalk.history.triage import read


def test_an_alarm_leads_to_the_commit_where_the_line_bends_and_back(page: Page, commits_site: str) -> None:
    page.goto(commits_site)
    now = page.locator(".pw-now li")
    expect(now.first).to_contain_text("L1 dTLB misses")
    expect(now.nth(1)).to_contain_text("5 series on laptop, between v0.23 … v0.24; also 1 other benchmark")
    expect(now.nth(1).get_by_role("img")).to_be_visible()
    now.nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile("/history.*commit=000000190000"))
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("Compare with v0.23")
    page.reload()
    expect(panel).to_contain_text("Compare with v0.23")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(now.nth(1)).to_contain_text("between v0.23 … v0.24")


def test_without_leave_nothing_is_written_and_the_command_is_told(page: Page, commits_site: str) -> None:
    page.goto(commits_site)
    alarm = page.locator(".pw-now li").nth(1)
    alarm.get_by_text("decide", exact=True).click()
    expect(alarm.get_by_text("pagewalk triage -s slab acknowledge 0000001900")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Save"))).to_have_count(0)


def test_a_decision_needs_its_reason_is_kept_with_the_results_and_shows_after_a_reload(
    page: Page, tmp_path: Path
) -> None:
    root = synthetic_commits.build(tmp_path / "results")
    with serving(root, allow_triage=True) as address:
        page.goto(address)
        alarm = page.locator(".pw-now li").nth(1)
        alarm.get_by_text("decide", exact=True).click()
        alarm.get_by_label("Decision", exact=True).first.click()
        page.get_by_role("option", name="false alarm").click()
        alarm.get_by_role("button", name=re.compile("^Save")).click()
        expect(alarm.get_by_role("status")).to_contain_text("needs a reason")
        alarm.get_by_label("Reason").fill("<b>throttled</b>")
        alarm.get_by_role("button", name=re.compile("^Save")).click()
        expect(alarm.get_by_role("status")).to_contain_text("Saved")
        page.reload()
        page.get_by_text("1 decided").click()
        expect(page.get_by_text("false-alarm: <b>throttled</b>")).to_be_visible()
        expect(page.locator(".pw-now li")).to_have_count(1)
    (note,) = read(root / "slab")[0].values()
    assert note.reason == "<b>throttled</b>"
