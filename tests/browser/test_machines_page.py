"""The machines page as a person uses it: what is this machine, how noisy is it, what can it measure now."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect
from synthetic_commits import ATTACK


def test_facts_noise_and_what_doctor_says_are_on_one_page(page: Page, commits_site: str) -> None:
    page.goto(commits_site + "/machines?subject=slab")
    expect(page.get_by_role("heading", name="qemu-arm64")).to_be_visible()
    expect(page.locator("#machines-body")).to_contain_text(ATTACK)
    floors = page.get_by_role("region", name="noise floors of laptop", exact=True)
    expect(floors).to_contain_text("alloc.Churn(size=")
    expect(page.locator("#machines-body")).to_contain_text(
        "pagewalk noise --subject slab --runner qemu-arm64"
    )
    doctor = page.get_by_role("region", name="what doctor says")
    expect(doctor.get_by_role("row", name=re.compile("^local "))).to_contain_text("metric")
    assert page.locator("img[src=x]").count() == 0


def test_noise_over_time_is_drawn_downloads_and_is_there_again_after_a_reload(
    page: Page, commits_site: str, tmp_path: Path
) -> None:
    page.goto(commits_site)
    page.get_by_role("link", name="Machines").click()
    picture = page.get_by_role("region", name="noise floors of laptop over time")
    expect(picture.locator(".scatterlayer .point").first).to_be_visible()
    expect(picture.locator(".legend")).to_contain_text("page faults")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV of laptop").click()
    download.value.save_as(tmp_path / "noise.csv")
    with (tmp_path / "noise.csv").open(newline="") as stream:
        taken = {line["taken"] for line in csv.DictReader(stream) if line["metric"] == "time"}
    assert len(taken) == 3
    page.reload()
    expect(picture.locator(".scatterlayer .point").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
