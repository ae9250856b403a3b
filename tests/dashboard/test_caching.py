"""A browser asks once for each version of a style, a script or the icon, and for a page every time."""

import re
from pathlib import Path

from dashboard.app import create_app
from dashboard.data.indexing import Indexing


def test_what_is_named_with_its_version_is_kept_and_nothing_else(results: Path, indexing: Indexing) -> None:
    client = create_app(results, indexing).server.test_client()
    document = client.get("/")
    assert "immutable" not in document.headers.get("Cache-Control", "")
    versioned = re.findall(r'"(/(?:assets/[^"]*\?m=|_favicon\.ico\?v=)[^"]*)"', document.text)
    assert len(versioned) > 5
    for address in versioned:
        assert "immutable" in client.get(address).headers["Cache-Control"]
        bare = client.get(address.partition("?")[0])
        assert "immutable" not in bare.headers.get("Cache-Control", "")
    assert "immutable" not in client.get("/assets/nothing.js?m=1").headers.get("Cache-Control", "")
