"""What axe-core, the field's own checker, has to say of each page in each theme."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

AXE = "axe-core@4"


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, fetched for the test: it is no part of what we ship."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine: apt-get install npm")
    done = subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot fetch {AXE} here: {done.stderr.strip()[:200]}")
    with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
        source = archive.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/compare?subject=go",
        "/compare?subject=go&row=gomap.Assign(elements%3D4096)|time",
        "/compare?subject=go&row=gomap.LockedExit(goroutines%3D24)|outcome",
        "/compare?subject=nothing",
    ],
)
def test_axe_has_no_complaint(browser: Browser, site: str, axe: str, path: str, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(site + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    context.close()
    told = [
        f"{v['id']} ({v['impact']}): {v['help']} at {[node['html'][:160] for node in v['nodes'][:3]]}"
        for v in found["violations"]
    ]
    assert told == []
