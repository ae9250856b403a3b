"""The pictures of README and docs are drawn anew by one command, from the results that are committed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PNG = b"\x89PNG\r\n\x1a\n"


def test_the_script_draws_each_picture_that_the_documents_show(tmp_path: Path) -> None:
    for program in ("chromium", "qemu-riscv64"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}: scripts/install-system chromium qemu cc")
    script = [sys.executable, str(ROOT / "scripts" / "screenshots.py"), "--out", str(tmp_path)]
    subprocess.run(script, cwd=ROOT, check=True, timeout=300)
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert all(content.startswith(PNG) for content in drawn.values())
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {name for path in documents for name in re.findall(r"images/(\w+\.png)", path.read_text())}
    assert shown
    assert shown <= set(drawn)
