"""The pages over work under way as a person uses them: a finished search, and a real one that moves."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axes import complaints, fetch_axe
from driving import point_at, serving
from playwright.sync_api import Browser, Page, expect
from synthetic_searches import ATTACK, COMMITS, STEP, build

from dashboard.data.watched import Watched
from pagewalk.live import Result, reporting
from tests.line_of_commits import write_line

PAGEWALK = str(Path(sys.executable).parent / "pagewalk")
LAST = 30
BAD = 17


@pytest.fixture(scope="module")
def searches_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("searches")
    watched = Watched((root / "live",), (build(root / "bisect"),))
    (root / "results").mkdir()
    result = Result(1_795_257_300.0, f"alloc.Churn({ATTACK}) at v2 on local", "crashed", "SIGSEGV")
    known = {"done": 3, "total": 10, "remaining": 60.0, "results": (result,), "what": ATTACK}
    with (
        reporting(root / "live", "compare", "slab", commits=(("v1", "a" * 40), ("v2", "b" * 40)), **known),
        serving(root / "results", watched) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line of commits; the file `n` says which one it is."""
    return write_line(tmp_path_factory.mktemp("line"), LAST)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard that watches the state of one user; yields its address and that user's state."""
    root = tmp_path_factory.mktemp("home")
    state = root / "state" / "pagewalk"
    (root / "results").mkdir()
    with serving(root / "results", Watched((state / "live",), (state / "bisect",))) as address:
        yield address, root / "state"


def search(repository: Path, state: Path, gate: Path) -> "subprocess.Popen[bytes]":
    """Begin a real search whose executions wait until `gate` has a line for each of them."""
    shell = f"n=$(cat n); until read line; do sleep 0.05; done < {gate}; test $n -lt {BAD}"
    ends = ["--good", f"main~{LAST}", "--bad", "main"]
    return subprocess.Popen(
        [PAGEWALK, "bisect", "--repo", str(repository), *ends, "--command", shell],
        env=os.environ | {"XDG_STATE_HOME": str(state)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_search_is_chosen_from_the_list_and_the_address_brings_it_back(
    page: Page, searches_site: str
) -> None:
    page.goto(searches_site + "/bisect?search=bbbb")
    expect(page.locator("#bisect-status")).to_contain_text(f"{COMMITS[STEP][0]} is the first bad commit")
    listed = page.get_by_role("region", name="searches", exact=True)
    listed.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile("search=cccc"))
    expect(page.locator("#bisect-head")).to_contain_text("instructions, exact")
    page.reload()
    expect(page.locator("#bisect-head")).to_contain_text("instructions, exact")
    commits = page.get_by_role("region", name="commits of the search")
    expect(commits.get_by_role("row", name=re.compile("first bad"))).to_contain_text("+10.0 %")
    page.go_back()
    expect(page.locator("#bisect-head")).to_contain_text("how executions end")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download CSV").click()
    assert saved.value.suggested_filename == "pagewalk-bisect.csv"
    assert len(Path(saved.value.path()).read_text().splitlines()) == len(COMMITS) + 1
    point_at(page, "#bisect-graph", until="#bisect-graph .modebar-btn")
    with page.expect_download() as saved:
        page.locator("#bisect-graph .modebar-btn").first.click()
    assert saved.value.suggested_filename == "pagewalk.png"


def test_a_running_search_moves_while_one_looks_from_the_live_page_to_its_end(
    page: Page, home: tuple[str, Path], repository: Path, tmp_path: Path
) -> None:
    address, state = home
    page.goto(address + "/bisect")
    expect(page.get_by_role("alert")).to_contain_text("pagewalk bisect --good A --bad B")
    page.get_by_role("link", name="Live").click()
    expect(page.locator("#live-status")).to_have_text("Nothing runs now.")
    gate = tmp_path / "gate"
    gate.write_text("")
    process = search(repository, state, gate)
    try:
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.get_by_role("link", name="Its commits").click()
        expect(page).to_have_url(re.compile("/bisect.search=[0-9a-f]{16}"))
        page.reload()
        head = page.locator("#bisect-head")
        expect(head.locator(".pw-badge")).to_contain_text("running")
        expect(head).to_contain_text("0 of at most 300")
        page.evaluate("window.reloaded = false")
        link = page.get_by_role("region", name="searches").get_by_role("link")
        link.focus()
        gate.write_text("go\n")
        expect(head.locator(".pw-badge")).to_contain_text("finished")
        expect(head).to_contain_text(f"change number {BAD}")
        expect(link).to_be_focused()
        assert page.evaluate("window.reloaded") is False
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    page.go_back()
    expect(page.get_by_role("region", name="what lately ended")).to_contain_text("finished")


def test_a_search_whose_process_was_killed_does_not_look_alive(
    page: Page, home: tuple[str, Path], repository: Path, tmp_path: Path
) -> None:
    address, state = home
    gate = tmp_path / "gate"
    gate.write_text("")
    page.goto(address + "/bisect")
    badge = page.locator("#bisect-head .pw-badge")
    process = search(repository, state, gate)
    try:
        expect(badge).to_contain_text("running")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    gate.write_text("go\n")
    expect(badge).to_contain_text("interrupted")
    expect(page.get_by_label("command to go on")).to_contain_text("--repo")


@pytest.mark.parametrize("width", [390])
def test_on_a_phone_nothing_is_cut_off(page: Page, searches_site: str) -> None:
    page.goto(searches_site + "/bisect?search=aaaa")
    expect(page.locator("#bisect-graph .main-svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(searches_site + "/live")
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_axe_has_no_complaint_about_work_under_way(
    browser: Browser, searches_site: str, tmp_path: Path
) -> None:
    axe = fetch_axe(tmp_path)
    for path in ("/bisect?search=aaaa", "/live"):
        for scheme in ("light", "dark"):
            assert complaints(browser, searches_site + path, axe, scheme) == []
