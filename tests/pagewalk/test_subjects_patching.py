"""A patch becomes a commit on a private branch."""

import subprocess
from pathlib import Path

import pytest

from pagewalk.cache import cache_root
from pagewalk.errors import PatchFailed
from pagewalk.subjects import Subject, apply_patch, load_subject, patches_at, prepare, resolve, revisions
from pagewalk.toolchains.overlay import apply_patches, check_patches, overlay_file
from pagewalk.toolchains.rebuilt import needs_rebuild

LINE = """\
kind = "go"
description = "d"
targets = ["x86_64"]
suites = []

[[release]]
version = "0.1"
date = 2025-05-06
"""
MALLOC = """\
kind = "malloc"
description = "d"
targets = ["x86_64"]
suites = []
suite = "trixie"
base = ["libc6"]

[[release]]
name = "glibc"
date = 2025-01-30
library = "libc.so.6"
"""
CHANGE = """\
diff --git a/src/runtime/proc.go b/src/runtime/proc.go
--- a/src/runtime/proc.go
+++ b/src/runtime/proc.go
@@ -1,3 +1,3 @@
 package runtime
-var pages = 1
+var pages = 2
 // end
"""
SECOND = CHANGE.replace("pages = 2", "pages = 3").replace("pages = 1", "pages = 2")


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """A line of one release whose GOROOT is in the cache already: a folder with one source file."""
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path / "cache"))
    runtime = cache_root() / "go/0.1/src/runtime"
    runtime.mkdir(parents=True)
    (runtime / "proc.go").write_text("package runtime\nvar pages = 1\n// end\n")
    (tmp_path / "subjects").mkdir()
    (tmp_path / "subjects/go.toml").write_text(LINE)
    (tmp_path / "subjects/malloc.toml").write_text(MALLOC)
    return load_subject("go", tmp_path)


def patch(tmp_path: Path, text: str, name: str = "more pages.patch") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_patch_to_a_release_is_a_commit_on_top_of_it_that_carries_the_patch(
    subject: Subject, tmp_path: Path
) -> None:
    base = resolve(subject, "go0.1")
    patched = apply_patch(subject, base, patch(tmp_path, CHANGE))
    assert patched.name == "go0.1+more-pages"
    assert patched.date == base.date + 1
    assert patches_at(subject, patched.commit) == (("01-more-pages.patch", CHANGE.encode()),)
    assert resolve(subject, f"pagewalk/patch/{patched.commit[:10]}") == patched
    assert resolve(subject, "go0.1+more-pages") == patched
    assert revisions(subject)[-1] == patched


def test_the_same_patch_twice_is_the_same_commit(subject: Subject, tmp_path: Path) -> None:
    base, file = resolve(subject, "go0.1"), patch(tmp_path, CHANGE)
    assert apply_patch(subject, base, file) == apply_patch(subject, base, file)


def test_patches_stack_and_the_second_needs_the_first(subject: Subject, tmp_path: Path) -> None:
    base, second = resolve(subject, "go0.1"), patch(tmp_path, SECOND, "second.patch")
    with pytest.raises(PatchFailed):
        apply_patch(subject, base, second)
    both = apply_patch(subject, apply_patch(subject, base, patch(tmp_path, CHANGE)), second)
    patches = patches_at(subject, both.commit)
    assert [name for name, _ in patches] == ["01-more-pages.patch", "02-second.patch"]
    goroot = cache_root() / "go/0.1"
    copy = overlay_file(goroot, "0.1", patches).parent / "src/runtime/proc.go"
    assert "pages = 3" in copy.read_text()
    assert "pages = 1" in (goroot / "src/runtime/proc.go").read_text()


def test_a_patch_that_does_not_apply_fails_with_gits_words_and_a_remedy(
    subject: Subject, tmp_path: Path
) -> None:
    wrong = patch(tmp_path, CHANGE.replace("pages = 1", "pages = 9"), "wrong.patch")
    with pytest.raises(PatchFailed) as caught:
        apply_patch(subject, resolve(subject, "go0.1"), wrong)
    assert "01-wrong.patch does not apply to Go 0.1" in caught.value.message
    assert "patch failed: src/runtime/proc.go:1" in caught.value.message
    assert str(cache_root() / "go/0.1") in caught.value.remedy
    assert len(revisions(subject)) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "not a patch at all\n"])
def test_what_is_no_patch_is_refused(subject: Subject, tmp_path: Path, text: str) -> None:
    with pytest.raises(PatchFailed):
        apply_patch(subject, resolve(subject, "go0.1"), patch(tmp_path, text))


@pytest.mark.parametrize("path", ["../../escaped", "/etc/escaped", "src/../../escaped"])
def test_a_patch_that_reaches_outside_the_sources_is_refused(
    subject: Subject, tmp_path: Path, path: str
) -> None:
    text = f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+boo\n"
    with pytest.raises(PatchFailed):
        apply_patch(subject, resolve(subject, "go0.1"), patch(tmp_path, text))
    assert not list(tmp_path.rglob("escaped"))
    assert not Path("/etc/escaped").exists()


def test_a_patch_that_makes_a_symbolic_link_is_refused(subject: Subject, tmp_path: Path) -> None:
    text = (
        "diff --git a/src/runtime/link.go b/src/runtime/link.go\nnew file mode 120000\n"
        "--- /dev/null\n+++ b/src/runtime/link.go\n"
        "@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n"
    )
    with pytest.raises(PatchFailed, match="symbolic link"):
        apply_patch(subject, resolve(subject, "go0.1"), patch(tmp_path, text))


def test_a_patch_file_that_cannot_be_read_is_refused_by_its_name(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(PatchFailed, match=r"lost\.patch: No such file"):
        apply_patch(subject, resolve(subject, "go0.1"), tmp_path / "lost.patch")


def test_a_binary_package_cannot_be_patched_and_the_remedy_is_a_git_subject(
    subject: Subject, tmp_path: Path
) -> None:
    malloc = load_subject("malloc", tmp_path)
    with pytest.raises(PatchFailed) as caught:
        apply_patch(malloc, resolve(malloc, "glibc"), patch(tmp_path, CHANGE))
    assert "docs/subjects.md" in caught.value.remedy


def test_a_patch_applies_inside_a_project_that_is_a_git_repository_itself(tmp_path: Path) -> None:
    # git apply in a subfolder of a repository silently skips paths outside that folder.
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    goroot, copies = tmp_path / "goroot", tmp_path / "copies"
    (goroot / "src/runtime").mkdir(parents=True)
    (goroot / "src/runtime/proc.go").write_text("package runtime\nvar pages = 1\n// end\n")
    copies.mkdir()
    assert apply_patches(goroot, "0.1", [("p", CHANGE.encode())], copies) == ("src/runtime/proc.go",)
    assert "pages = 2" in (copies / "src/runtime/proc.go").read_text()


def test_a_rename_takes_the_old_file_out_and_a_new_file_comes_in(subject: Subject) -> None:
    renamed = (
        "diff --git a/src/runtime/proc.go b/src/runtime/process.go\nsimilarity index 100%\n"
        "rename from src/runtime/proc.go\nrename to src/runtime/process.go\n"
    )
    goroot = cache_root() / "go/0.1"
    touched = check_patches(goroot, "0.1", [("r", renamed.encode())])
    assert touched == ("src/runtime/proc.go", "src/runtime/process.go")
    overlay = overlay_file(goroot, "0.1", [("r", renamed.encode())]).read_text()
    assert f'"{goroot}/src/runtime/proc.go": ""' in overlay


def test_only_a_patch_to_the_tools_or_what_they_share_with_the_runtime_rebuilds_them() -> None:
    assert needs_rebuild(["src/cmd/compile/internal/ssa/rewrite.go"])
    assert needs_rebuild(["src/runtime/proc.go", "src/internal/abi/map.go"])
    assert not needs_rebuild(["src/runtime/proc.go", "src/sync/pool.go"])


def test_a_private_patch_survives_a_new_release_in_the_line(subject: Subject, tmp_path: Path) -> None:
    patched = apply_patch(subject, resolve(subject, "go0.1"), patch(tmp_path, CHANGE))
    newer = LINE + '\n[[release]]\nversion = "0.2"\ndate = 2026-01-01\n'
    (tmp_path / "subjects/go.toml").write_text(newer)
    again = load_subject("go", tmp_path)
    prepare(again)
    assert resolve(again, patched.commit) == patched
