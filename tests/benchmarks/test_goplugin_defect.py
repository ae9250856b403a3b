"""golang/go#73283: riscv64 code in a plugin loses the pointer to a global variable with our patch, else not.

The patched compiler takes two minutes to build, once. Where nobody has built it yet,
`PAGEWALK_BUILD_COMPILERS=1` has these tests do it.
"""

import os
import shutil
from pathlib import Path

import pytest
from driving_workloads import ROOT, Said, run

from pagewalk.build import build
from pagewalk.cache import cache_root
from pagewalk.model import Target
from pagewalk.subjects import load_subject, patches_at, prepare, resolve
from pagewalk.toolchains.overlay import digest_of

pytestmark = pytest.mark.slow
RELEASE, PATCHED = "go1.25.5", "go1.25.5+riscv64-dynlink"
TIMES = 10


def ends(name: str) -> list[Said]:
    """Load the plugin that a revision builds, so many times."""
    subject = load_subject("go", ROOT)
    artifact = build(subject, resolve(subject, name), "goplugin", Target("riscv64"), ROOT)
    command: tuple[str | Path, ...] = ("qemu-riscv64", *artifact.command)
    return [run(command, "--loops=1") for _ in range(TIMES)]


def compiler_is_built() -> bool:
    subject = load_subject("go", ROOT)
    prepare(subject)
    version = RELEASE.removeprefix("go")
    digest = digest_of(version, patches_at(subject, resolve(subject, PATCHED).commit))
    return (cache_root() / "go" / f"{version}-{digest}").is_dir()


@pytest.fixture(autouse=True)
def _emulator() -> None:
    if shutil.which("qemu-riscv64") is None:
        pytest.skip("no qemu-riscv64: apt-get install qemu-user")


def test_a_plugin_of_the_untouched_compiler_counts_in_its_far_globals_every_time() -> None:
    for said in ends(RELEASE):
        assert said.status == 0, said.stderr
        assert said.the("check")["counted"] == 6 * 1024


def test_without_the_compilers_guards_the_first_far_global_is_a_wild_pointer_every_time() -> None:
    if not compiler_is_built() and "PAGEWALK_BUILD_COMPILERS" not in os.environ:
        pytest.skip("the patched compiler takes two minutes: set PAGEWALK_BUILD_COMPILERS=1")
    for said in ends(PATCHED):
        assert said.status == 2
        # bins[256] is 2 KiB off: LUI writes 0x1000 over the pointer in X31, ADD doubles it, less 0x800.
        assert "[signal SIGSEGV" in said.stderr
        assert "addr=0x1800" in said.stderr
        assert "goplugin/plugin.Add(" in said.stderr
        assert not [line for line in said.lines if "region" in line]
