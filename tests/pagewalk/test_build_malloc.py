"""C workloads with packaged allocators: the same packages on every architecture."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from pagewalk.build import build
from pagewalk.errors import BuildFailed
from pagewalk.model import Target
from pagewalk.subjects import load_subject, resolve

ROOT = Path(__file__).parents[2]
EMULATORS = {"x86_64": (), "arm64": ("qemu-aarch64",), "riscv64": ("qemu-riscv64",)}
SAMPLE = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    Dl_info info;
    char *block = malloc(100);
    dladdr((void *)malloc, &info);
    printf("%s\\n", info.dli_fname);
    free(block);
    return 0;
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "subjects").symlink_to(ROOT / "subjects")
    (tmp_path / "benchmarks/native/alloc").mkdir(parents=True)
    # The folder's name in the source makes it new to the cache: what is tested is built by this very code.
    (tmp_path / "benchmarks/native/alloc/sample.c").write_text(f"// {tmp_path}\n{SAMPLE}")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("architecture", EMULATORS)
@pytest.mark.parametrize("revision", ["glibc", "mimalloc", "jemalloc", "tcmalloc"])
def test_the_allocator_that_serves_malloc_is_the_one_asked_for(
    root: Path, revision: str, architecture: str
) -> None:
    subject = load_subject("malloc", root)
    artifact = build(subject, resolve(subject, revision), "sample", Target(architecture), root)
    command = [*EMULATORS[architecture], *artifact.command]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
    assert done.stdout.strip() == artifact.facts["allocator_expected"]
    assert all(path.is_file() for path in artifact.files)
    assert {Path(word) for word in artifact.command if word.startswith("/") and Path(word).is_file()} <= set(
        artifact.files
    )
    assert artifact.facts["libc6"].startswith("2.41-")


@pytest.mark.slow
def test_every_architecture_gets_the_same_versions(root: Path) -> None:
    subject = load_subject("malloc", root)
    revision = resolve(subject, "mimalloc")
    facts = [build(subject, revision, "sample", Target(name), root).facts for name in EMULATORS]
    versions = [{name: value for name, value in one.items() if name.startswith("lib")} for one in facts]
    assert versions[0] == versions[1] == versions[2]
    assert {"libc6", "libmimalloc3"} <= set(versions[0])


@pytest.mark.slow
def test_a_variant_sets_its_variables(root: Path) -> None:
    subject = load_subject("malloc", root)
    artifact = build(subject, resolve(subject, "glibc+thp"), "sample", Target("x86_64"), root)
    assert artifact.environment == {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    metadata = json.loads((Path(artifact.command[-1]).parent / "artifact.json").read_text())
    assert metadata["environment"] == artifact.environment


@pytest.mark.slow
def test_a_package_without_the_library_that_the_subject_names_fails(tmp_path: Path, root: Path) -> None:
    text = (ROOT / "subjects/malloc.toml").read_text().replace('"libmimalloc.so.3"', '"libmimalloc.so.9"')
    (tmp_path / "other.toml").write_text(text)
    subject = load_subject(str(tmp_path / "other.toml"), root)
    with pytest.raises(BuildFailed, match=r"no libmimalloc\.so\.9 in .*libmimalloc3"):
        build(subject, resolve(subject, "mimalloc"), "sample", Target("x86_64"), root)


@pytest.mark.slow
def test_a_workload_that_does_not_compile_fails_with_the_compilers_words(root: Path) -> None:
    (root / "benchmarks/native/alloc/sample.c").write_text("int main(void) { return undefined_thing; }\n")
    subject = load_subject("malloc", root)
    with pytest.raises(BuildFailed, match="undefined_thing"):
        build(subject, resolve(subject, "glibc"), "sample", Target("x86_64"), root)
