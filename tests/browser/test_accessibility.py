"""What axe-core has to say of each page in each theme."""

from typing import Any

import pytest
from axes import complaints, fetch_axe
from playwright.sync_api import Browser

OVER_RESULTS = [
    "/",
    "/compare?subject=go",
    "/compare?subject=go&row=gomap.Assign(elements%3D4096)|time",
    "/compare?subject=go&row=gomap.LockedExit(goroutines%3D24)|outcome",
    "/compare?subject=nothing",
]
OVER_COMMITS = [
    "/",
    "/profile?subject=slab",
    "/bisect",
    "/history?subject=slab&commit=000000190000",
    "/curve?subject=slab&benchmark=tlb.Walk&metric=dtlb_misses",
    "/crashes?subject=slab",
    "/machines?subject=slab",
]


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fetch_axe(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", OVER_RESULTS)
def test_axe_has_no_complaint(browser: Browser, site: str, axe: str, path: str, scheme: Any) -> None:
    assert complaints(browser, site + path, axe, scheme) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", OVER_COMMITS)
def test_axe_has_no_complaint_about_pages_over_commits(
    browser: Browser, commits_site: str, axe: str, path: str, scheme: Any
) -> None:
    assert complaints(browser, commits_site + path, axe, scheme) == []
