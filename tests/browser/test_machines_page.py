"""The machines page as a person uses it: what is this machine, how noisy is it, what can it measure now."""

from playwright.sync_api import Page, expect
from synthetic_commits import ATTACK


def test_facts_noise_and_what_doctor_says_are_on_one_page(page: Page, commits_site: str) -> None:
    page.goto(commits_site + "/machines?subject=slab")
    expect(page.get_by_role("heading", name="qemu-arm64")).to_be_visible()
    expect(page.locator("#machines-body")).to_contain_text(ATTACK)
    expect(page.get_by_role("region", name="noise floors of laptop")).to_contain_text("alloc.Churn(size=")
    expect(page.locator("#machines-body")).to_contain_text("pagewalk noise --runner qemu-arm64")
    doctor = page.get_by_role("region", name="what doctor says")
    expect(doctor.get_by_role("row", name="local")).to_contain_text("metric")
    assert page.locator("img[src=x]").count() == 0
