from collections.abc import Iterator
from pathlib import Path

import pytest

from pagewalk.index.database import Index, open_index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path / "index" / "index.sqlite", create=True)
    yield opened
    opened.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "results"
