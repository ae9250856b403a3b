"""Artifacts are the same where their bytes are, wherever and by whatever process they were built."""

import subprocess
import sys
from pathlib import Path

from pagewalk.builders.fingerprint import fingerprint
from pagewalk.model import Artifact, Target

BUILD = """
import sys
from pathlib import Path
from pagewalk.cache import publish
with publish(Path(sys.argv[1]) / sys.argv[2]) as folder:
    (folder / "program").write_text(f"built in {folder}/src, {sys.argv[3]}")
"""


def built(cache: Path, key: str, content: str) -> Artifact:
    """Build in a process of its own a program that tells, as debug information does, where it was built."""
    subprocess.run([sys.executable, "-c", BUILD, str(cache), key * 32, content], check=True)
    program = cache / (key * 32) / "program"
    return Artifact((str(program),), Target("x86_64"), (program,))


def test_the_folder_that_something_was_built_in_counts_for_nothing(tmp_path: Path) -> None:
    one, other = built(tmp_path, "a", "the same"), built(tmp_path, "b", "the same")
    assert one.files[0].read_bytes() != other.files[0].read_bytes()
    assert one.files[0].stat().st_size == other.files[0].stat().st_size
    assert fingerprint(one) == fingerprint(other)


def test_all_else_counts(tmp_path: Path) -> None:
    assert fingerprint(built(tmp_path, "a", "this")) != fingerprint(built(tmp_path, "b", "that"))
