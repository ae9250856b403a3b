"""A real Chromium before a real server, and a picture of what it showed where a test fails."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import Witness, serving, wait_for_scripts
from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "dashboard"))

import synthetic_commits
from synthetic_results import build

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
# A busy machine is no defect of the page
PATIENCE = 30_000
PICTURES = Path(os.environ.get("PAGEWALK_SCREENSHOTS", ".pytest_cache/screenshots"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{item.name.replace('/', '_')}.png"
        page.screenshot(path=path, full_page=True)
        report.sections.append(("screenshot", str(path)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(build(tmp_path_factory.mktemp("results"))) as address:
        yield address


@pytest.fixture(scope="session")
def commits_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One subject over forty commits."""
    with serving(synthetic_commits.build(tmp_path_factory.mktemp("commits"))) as address:
        yield address


@pytest.fixture
def width() -> int:
    return 1440


@pytest.fixture
def page(browser: Browser, width: int) -> Iterator[Page]:
    """A page that must neither complain nor speak to anybody but our server."""
    context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    witness = Witness(opened)
    wait_for_scripts(opened)
    yield opened
    pwned = opened.evaluate("window.pwned")
    context.close()
    assert pwned is None, "a name from a result file was executed"
    assert witness.hosts <= {"127.0.0.1"}, witness.hosts
    assert witness.complaints == []
