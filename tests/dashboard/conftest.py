"""Synthetic histories, written once a test run."""

from pathlib import Path

import pytest
from synthetic_results import build

from dashboard.library import Library


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("results"))


@pytest.fixture
def library(results: Path) -> Library:
    return Library(results)
