"""Guests for every architecture, and ways to count what they do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest
from guests import ALONE, ZIG, Build, Counting, reported

from pagewalk.cache import cache_root
from pagewalk.model import Artifact, Job, Missing, Sample, Target
from pagewalk.protocols import Region
from runners.counters.memsim import EMULATORS, Memsim
from runners.qemu_user import QemuUser

# The options of pagewalk's own builds, so that zig need not build another libc.
LIKE_BUILDS = ("-O2", "-g", "-fno-omit-frame-pointer", "-fno-sanitize=undefined")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build sources for an architecture, statically, once a session."""
    pytest.importorskip("ziglang", reason="no cross compiler: pip install 'pagewalk[native]'")
    folder = tmp_path_factory.mktemp("guests")
    built: dict[tuple[str, tuple[str | Path, ...]], Path] = {}

    def build(architecture: str, *sources: str | Path) -> Path:
        key = (architecture, sources)
        if key not in built:
            program = next(Path(source).stem for source in sources if str(source).endswith(".c"))
            built[key] = folder / f"{program}-{architecture}"
            options = ("-target", ZIG[architecture], "-static", *LIKE_BUILDS)
            command = [
                sys.executable,
                "-m",
                "ziglang",
                "cc",
                *options,
                "-o",
                str(built[key]),
                *map(str, sources),
            ]
            environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(cache_root() / "zig")}
            subprocess.run(command, check=True, env=environment, capture_output=True)
        return built[key]

    return build


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    """Execute a program under the plugin and return what it counted, by metric.

    Operations are those the program reports on its stdout, or 1 for each of `regions`.
    """
    numbers = count()

    def run(  # noqa: PLR0913  each is one way in which executions differ
        source: Memsim,
        architecture: str,
        program: Path,
        *arguments: str,
        threads: bool = False,
        regions: int = 1,
        status: int = 0,
    ) -> Mapping[str, Sample | Missing]:
        if shutil.which(EMULATORS[architecture]) is None:
            pytest.skip(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
        scratch = tmp_path / f"run {next(numbers)}, with a comma"
        scratch.mkdir()
        job = Job(Artifact((str(program),), Target(architecture, "musl")), arguments, 1, threads=threads)
        session = source.open(scratch, job)
        command = session.wrap((*QemuUser(job.artifact.target).emulator, str(program), *arguments))
        done = subprocess.run([*ALONE, *command], capture_output=True, text=True, check=False, cwd=scratch)
        assert done.returncode == status, done.stderr
        found = reported(done.stdout) or [Region("", 1, 1.0)] * regions
        return {value.metric: value for value in session.parse(found)}

    return run
