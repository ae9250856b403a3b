"""Synthetic histories, written once a test run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from synthetic_results import build

from dashboard.data.catalogue import Catalogue
from dashboard.data.indexing import Indexing
from dashboard.data.library import Library
from pagewalk.index.database import open_index


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def indexing(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexing]:
    index = open_index(tmp_path_factory.mktemp("index") / "index.sqlite", create=True)
    following = Indexing(index, results)
    following.start(patience=20)
    yield following
    following.stop()
    index.close()


@pytest.fixture
def catalogue(indexing: Indexing) -> Catalogue:
    return Catalogue(indexing)


@pytest.fixture
def library(results: Path, catalogue: Catalogue) -> Library:
    return Library(results, catalogue)
