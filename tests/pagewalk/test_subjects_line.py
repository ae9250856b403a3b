"""A release line becomes a git repository with the same hashes everywhere."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pagewalk.errors import ConfigError, UnknownRevision
from pagewalk.model import Target
from pagewalk.subjects import (
    ReleaseLine,
    load_subject,
    patches_at,
    prepare,
    recipe_at,
    resolve,
    revisions,
    subject_names,
)
from pagewalk.subjects.recipe import GoRecipe, MallocRecipe
from pagewalk.toolchains.platforms import parse_target

ROOT = Path(__file__).parents[2]
HEAD = """\
kind = "go"
description = "d"
targets = ["x86_64", "armv7-musl"]
suites = ["gomap"]
"""
OLD = """
[[release]]
version = "1.24.3"
date = 2025-05-06

[[release]]
version = "1.25.5"
date = 2025-12-02
"""
NEW = """
[[release]]
version = "1.26.0"
date = 2026-02-10
"""
VARIANTS = """
[[variant]]
name = "noswissmap"
of = ["go1.24.3"]
experiment = "noswissmap"

[[variant]]
name = "mended"
of = ["go1.24.3+noswissmap"]
patch = "mend.patch"
"""


def project(folder: Path, text: str) -> Path:
    (folder / "subjects/patches").mkdir(parents=True, exist_ok=True)
    (folder / "subjects/patches/mend.patch").write_text("--- a/f\n+++ b/f\n")
    (folder / "subjects/go.toml").write_text(text)
    return folder


def hashes(root: Path) -> dict[str, str]:
    subject = load_subject("go", root)
    prepare(subject)
    return {revision.name: revision.commit for revision in revisions(subject)}


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(repository), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_same_line_gives_the_same_hashes_in_two_places_whatever_the_user_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hashes(project(tmp_path / "a", HEAD + OLD + VARIANTS))
    (tmp_path / "gitconfig").write_text(
        "[user]\nname = Somebody\n[core]\nautocrlf = true\n"
        "[init]\ndefaultBranch = trunk\n[i18n]\ncommitEncoding = latin1\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    assert hashes(project(tmp_path / "b", HEAD + OLD + VARIANTS)) == first


def test_the_hash_of_a_known_line_is_known(tmp_path: Path) -> None:
    # Written down once: a change of it orphans everybody's stored results.
    assert hashes(project(tmp_path, HEAD + OLD))["go1.25.5"] == "fae7516d7bf88310b03c3aa2901c6f988bd23207"


def test_a_newer_release_changes_no_older_hash(tmp_path: Path) -> None:
    before = hashes(project(tmp_path, HEAD + OLD + VARIANTS))
    after = hashes(project(tmp_path, HEAD + OLD + NEW + VARIANTS))
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"go1.26.0"}


def test_main_is_the_line_in_order_of_dates_and_variants_lie_beside_it(tmp_path: Path) -> None:
    root = project(tmp_path, HEAD + NEW + OLD + VARIANTS)
    hashes(root)
    repository = load_subject("go", root).repository
    log = git(repository, "log", "--reverse", "--format=%D", "main").splitlines()
    assert ["1.24.3" in log[0], "1.25.5" in log[1], "1.26.0" in log[2], len(log)] == [True, True, True, 3]
    assert git(repository, "rev-parse", "variant/go1.24.3+noswissmap^") == git(
        repository, "rev-parse", "go1.24.3"
    )
    assert git(repository, "status", "--porcelain") == ""


def test_a_release_that_leaves_the_line_leaves_its_tag_and_private_patches_stay(tmp_path: Path) -> None:
    root = project(tmp_path, HEAD + OLD + NEW)
    hashes(root)
    repository = load_subject("go", root).repository
    git(repository, "branch", "pagewalk/patch/abc", "go1.24.3")
    assert "go1.26.0" not in hashes(project(tmp_path, HEAD + OLD))
    assert git(repository, "tag").split() == ["go1.24.3", "go1.25.5"]
    assert "pagewalk/patch/abc" in git(repository, "branch", "--list")


def test_preparing_again_touches_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, HEAD + OLD)
    hashes(root)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / ".pagewalk").rglob("*")}
    prepare(load_subject("go", root))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / ".pagewalk").rglob("*")} == before


def test_a_commit_says_how_to_build_it_and_a_variant_of_a_variant_keeps_what_its_base_said(
    tmp_path: Path,
) -> None:
    subject = load_subject("go", project(tmp_path, HEAD + OLD + VARIANTS))
    revision = resolve(subject, "go1.24.3+noswissmap+mended")
    assert recipe_at(subject, revision.commit) == GoRecipe("1.24.3", "noswissmap")
    assert patches_at(subject, revision.commit) == (("01-mend.patch", b"--- a/f\n+++ b/f\n"),)


def test_a_revision_is_found_by_tag_branch_short_and_full_hash(tmp_path: Path) -> None:
    subject = load_subject("go", project(tmp_path, HEAD + OLD))
    wanted = resolve(subject, "go1.25.5")
    assert [resolve(subject, name) for name in ("main", wanted.commit[:8], wanted.commit)] == [wanted] * 3
    assert wanted.name == "go1.25.5"


@pytest.mark.parametrize(
    "name", ["go1.25.50", "--output=/tmp/x", "", "deadbeef", "main^{tree}", "a b\n", "../x"]
)
def test_what_is_no_revision_is_refused_with_how_to_list_them(tmp_path: Path, name: str) -> None:
    subject = load_subject("go", project(tmp_path, HEAD + OLD))
    with pytest.raises(UnknownRevision) as caught:
        resolve(subject, name)
    assert "pagewalk revisions --subject go" in caught.value.remedy


def test_a_near_miss_names_the_nearest_revision(tmp_path: Path) -> None:
    subject = load_subject("go", project(tmp_path, HEAD + OLD))
    with pytest.raises(UnknownRevision) as caught:
        resolve(subject, "1.25.5")
    assert caught.value.remedy.startswith("Did you mean go1.25.5")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + OLD.replace("version", "verzion", 1), 7, "Did you mean 'version'?"),
        (HEAD.replace('"go"', '"goo"') + OLD, 1, "Did you mean 'go'?"),
        (HEAD.replace("x86_64", "x86-64") + OLD, 3, "Architectures: x86_64"),
        (HEAD + OLD + VARIANTS.replace('"go1.24.3"', '"go1.24.4"'), 16, "Did you mean 'go1.24.3'?"),
        (HEAD + OLD + VARIANTS.replace("mend.patch", "lost.patch"), 22, "Put the patch there."),
        (HEAD + OLD + VARIANTS.replace("mend.patch", "../mend.patch"), 22, "must match"),
        (HEAD + OLD.replace("1.25.5", "1.24.3"), 6, "there twice"),
        (HEAD + OLD.replace("1.25.5", "1.24.3 --index-url=http://x"), 11, "must match"),
        (HEAD + OLD.replace("2025-12-02", '"2025-12-02"'), 12, "a date, as"),
    ],
)
def test_a_mistake_in_a_subject_names_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_subject("go", project(tmp_path, text))
    assert f"go.toml:{line}: " in str(caught.value)
    assert words in str(caught.value)


def test_an_unknown_subject_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Did you mean 'go'"):
        load_subject("goo", project(tmp_path, HEAD + OLD))


def test_every_subject_that_ships_loads_and_becomes_a_repository(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "subjects", tmp_path / "subjects")
    for name in subject_names(tmp_path):
        subject = load_subject(name, tmp_path)
        found = revisions(subject)
        assert found
        for revision in found if isinstance(subject.source, ReleaseLine) else ():
            assert isinstance(recipe_at(subject, revision.commit), GoRecipe | MallocRecipe)
    assert {"go", "malloc"} <= set(subject_names(tmp_path))


def test_a_target_is_an_architecture_and_a_libc() -> None:
    assert parse_target("armv7-musl") == Target("armv7", "musl")
    assert parse_target("riscv64") == Target("riscv64", "gnu")
