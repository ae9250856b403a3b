"""Programs whose calls are known, and what stands of probes on this machine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from runners.counters.probes.placing import require_probes

FIXTURES = Path(__file__).parent / "fixtures"


def built(name: str, folder: Path, *options: str) -> Path:
    """Return a program of fixtures/, compiled for this host so that stacks can be unwound."""
    if shutil.which("cc") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    told = ("-O1", "-g", "-fno-omit-frame-pointer", "-fno-builtin", *options)
    subprocess.run(["cc", *told, "-o", folder / name, FIXTURES / f"{name}.c"], check=True)
    return folder / name


def tracing() -> Path:
    """Return the folder that probes are placed in; skips the test where they cannot be."""
    try:
        return require_probes()
    except Unavailable as error:
        pytest.skip(error.message)


def standing(tracefs: Path, whose: str) -> list[str]:
    """Return the probes of groups whose name begins so."""
    return [line for line in (tracefs / "uprobe_events").read_text().splitlines() if f":{whose}" in line]
