"""Git subjects: a user's own repository with its own build command, as docs/subjects.md shows it."""

import re
import subprocess
from pathlib import Path

import pytest

from pagewalk.build import build
from pagewalk.errors import BuildFailed, ConfigError, PatchFailed
from pagewalk.model import Target
from pagewalk.subjects import Subject, apply_patch, load_subject, prepare, resolve, revisions

ROOT = Path(__file__).parents[2]
X86 = Target("x86_64")
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


def documented(language: str) -> str:
    """The first block of a language in docs/subjects.md."""
    text = (ROOT / "docs/subjects.md").read_text()
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def commit(repository: Path, message: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@t"]
    subprocess.run(["git", "-C", str(repository), "add", "."], check=True)
    subprocess.run(["git", "-C", str(repository), *who, "commit", "-qm", message], check=True)
    done = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "HEAD"], check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def project(tmp_path: Path, **changes: str) -> Subject:
    """A project with the documented subject, its repository and one workload; `changes` edit its TOML."""
    repository = tmp_path / "src"
    if not repository.exists():
        subprocess.run(["git", "init", "-q", "-b", "trunk", str(repository)], check=True)
        (repository / "shim.c").write_text(documented("c"))
        (repository / "Makefile").write_text(documented("make"))
        commit(repository, "first")
        (tmp_path / "subjects").mkdir()
        (tmp_path / "benchmarks/native/alloc").mkdir(parents=True)
        (tmp_path / "benchmarks/native/alloc/sample.c").write_text(SAMPLE)
    text = documented("toml").replace("~/src/shim", "../src")
    for key, value in changes.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}".replace("\\", r"\\"), text, flags=re.MULTILINE)
    (tmp_path / "subjects/shim.toml").write_text(text)
    return load_subject("shim", tmp_path)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path / "cache"))


def test_every_documented_subject_loads(tmp_path: Path) -> None:
    text = (ROOT / "docs/subjects.md").read_text()
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "subjects").mkdir()
    for block in blocks:
        (tmp_path / "subjects/one.toml").write_text(block)
        assert load_subject("one", tmp_path).kind == "git"
    assert len(blocks) == 3


def test_the_clone_follows_the_origin_and_knows_its_branches_and_tags(tmp_path: Path) -> None:
    subject = project(tmp_path)
    first = resolve(subject, "trunk")
    (tmp_path / "src/new").write_text("new")
    second = commit(tmp_path / "src", "second")
    subprocess.run(
        ["git", "-C", str(tmp_path / "src"), "tag", "-am", "x", "v2"],
        check=True,
        env={"GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@t", "PATH": "/usr/bin:/bin"},
    )
    assert resolve(subject, second[:12]).commit == second
    assert [revision.commit for revision in revisions(subject)] == [first.commit, second]
    assert resolve(subject, "v2").name == "v2"


def test_a_patch_is_committed_in_pagewalks_clone_and_never_in_the_users_repository(tmp_path: Path) -> None:
    subject = project(tmp_path)
    base = resolve(subject, "trunk")
    (tmp_path / "src/shim.c").write_text(documented("c").replace("8u << 20", "2u << 20"))
    diff = subprocess.run(
        ["git", "-C", str(tmp_path / "src"), "diff"], check=True, capture_output=True
    ).stdout
    subprocess.run(["git", "-C", str(tmp_path / "src"), "checkout", "-q", "."], check=True)
    (tmp_path / "small.patch").write_bytes(diff)
    before = sorted(path for path in (tmp_path / "src").rglob("*"))
    patched = apply_patch(subject, base, tmp_path / "small.patch")
    assert apply_patch(subject, base, tmp_path / "small.patch") == patched
    assert patched.name.endswith("+small")
    assert sorted(path for path in (tmp_path / "src").rglob("*")) == before
    prepare(subject)
    assert resolve(subject, patched.name) == patched
    assert revisions(subject)[-1] == patched


def test_a_patch_that_does_not_apply_to_the_tree_fails_with_gits_words(tmp_path: Path) -> None:
    subject = project(tmp_path)
    (tmp_path / "bad.patch").write_text("--- a/shim.c\n+++ b/shim.c\n@@ -1 +1 @@\n-nowhere\n+there\n")
    with pytest.raises(PatchFailed, match=r"patch failed: shim\.c:1"):
        apply_patch(subject, resolve(subject, "trunk"), tmp_path / "bad.patch")


def test_an_origin_that_is_no_repository_is_refused_with_what_to_try(tmp_path: Path) -> None:
    subject = project(tmp_path, repository='"https://127.0.0.1:9/none.git"')
    with pytest.raises(ConfigError, match="git ls-remote https://127"):
        prepare(subject)
    assert not subject.repository.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"command": '"make {outt}"'}, "unknown placeholder {outt}"),
        ({"command": '"make ${HOME}"'}, "unknown placeholder {HOME}"),
        ({"command": '"make {"'}, "Write a brace that is meant as one twice"),
        ({"product": '"../lib.so"'}, "outside the source tree"),
        ({"product": '"/lib.so"'}, "outside the source tree"),
        ({"use": '"preloaded"'}, "unknown use"),
        ({"repository": '"--upload-pack=x"'}, "no path and no address"),
    ],
)
def test_a_mistake_in_the_build_is_refused(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        project(tmp_path, **changes)


def test_a_build_that_fails_shows_its_last_lines_and_keeps_the_whole_log(tmp_path: Path, cache: None) -> None:
    subject = project(tmp_path, command='"seq 1 100; echo {target} does not do; exit 7"')
    with pytest.raises(BuildFailed) as caught:
        build(subject, resolve(subject, "trunk"), "sample", X86, tmp_path)
    assert "ended with status 7" in caught.value.message
    assert "x86_64-gnu does not do" in caught.value.message
    assert "\n  50\n" not in caught.value.message
    assert "\n50\n" in caught.value.log
    log = Path(caught.value.remedy.rpartition(" ")[2])
    assert caught.value.log in log.read_text()
    assert not list((tmp_path / "cache/products").glob("[!.]*"))


def test_a_build_that_leaves_no_product_says_so(tmp_path: Path, cache: None) -> None:
    subject = project(tmp_path, command='"true"')
    with pytest.raises(BuildFailed, match=r"left no libshim\.so"):
        build(subject, resolve(subject, "trunk"), "sample", X86, tmp_path)


def test_a_product_that_is_a_link_out_of_the_tree_is_refused(tmp_path: Path, cache: None) -> None:
    subject = project(tmp_path, command='"ln -s /etc/passwd {out}"')
    with pytest.raises(BuildFailed, match="left no"):
        build(subject, resolve(subject, "trunk"), "sample", X86, tmp_path)


def test_a_target_that_the_subject_does_not_name_is_refused(tmp_path: Path) -> None:
    subject = project(tmp_path)
    with pytest.raises(ConfigError, match="is not for armv7-musl"):
        build(subject, resolve(subject, "trunk"), "sample", Target("armv7", "musl"), tmp_path)


def test_an_unknown_workload_names_the_nearest(tmp_path: Path) -> None:
    subject = project(tmp_path)
    with pytest.raises(ConfigError, match="Did you mean 'sample'"):
        build(subject, resolve(subject, "trunk"), "sampel", X86, tmp_path)


def test_a_commit_is_built_once_and_another_commit_with_the_same_tree_not_at_all(
    tmp_path: Path, cache: None
) -> None:
    count = tmp_path / "count"
    subject = project(
        tmp_path, use='"program"', product='"{program}"', command=f'"echo x >> {count}; echo > {{out}}"'
    )
    one = build(subject, resolve(subject, "trunk"), "sample", X86, tmp_path)
    (tmp_path / "src/extra").write_text("x")
    commit(tmp_path / "src", "add")
    (tmp_path / "src/extra").unlink()
    again = commit(tmp_path / "src", "remove")
    assert build(subject, resolve(subject, again), "sample", X86, tmp_path) == one
    assert count.read_text() == "x\n"


def test_a_file_elsewhere_has_a_repository_of_its_own_and_no_subjects_name(tmp_path: Path) -> None:
    declared = project(tmp_path)
    text = (tmp_path / "subjects/shim.toml").read_text()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.toml").write_text(text)
        (tmp_path / folder / "shim.toml").write_text(text)
    found = [load_subject(str(tmp_path / folder / "mine.toml"), tmp_path) for folder in ("a", "b")]
    assert len({subject.repository for subject in (declared, *found)}) == 3
    assert load_subject(str(tmp_path / "subjects/shim.toml"), tmp_path) == declared
    with pytest.raises(ConfigError, match="filed under the other"):
        load_subject(str(tmp_path / "a/shim.toml"), tmp_path)


def test_the_compiler_is_one_word_for_the_shell_whatever_the_cache_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path / "it's-$HOME&more"))
    command = '"test -x {cc} && test -x {cxx} && test -x {ar} && touch {out}"'
    subject = project(tmp_path, use='"program"', product='"{program}"', command=command)
    artifact = build(subject, resolve(subject, "trunk"), "sample", X86, tmp_path)
    assert Path(artifact.command[0]).is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("architecture", "emulator"), [("x86_64", ""), ("arm64", "qemu-aarch64"), ("riscv64", "qemu-riscv64")]
)
def test_the_documented_allocator_is_the_one_that_serves_malloc(
    tmp_path: Path, architecture: str, emulator: str
) -> None:
    subject = project(tmp_path)
    artifact = build(subject, resolve(subject, "trunk"), "sample", Target(architecture), tmp_path)
    command = [*([emulator] if emulator else []), *artifact.command]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == artifact.facts["allocator_expected"]
    assert done.stdout.strip().endswith("/libshim.so")


@pytest.mark.slow
def test_a_program_is_linked_with_what_is_under_test_for_musl_on_arm(tmp_path: Path) -> None:
    source = '#include <stdio.h>\nint shim(void);\nint main(void) { printf("%d\\n", shim()); return 0; }\n'
    subject = project(
        tmp_path,
        targets='["armv7-musl"]',
        use='"program"',
        product='"{program}"',
        command='"{cc} -O2 -static shim.c {sources} -o {out}"',
    )
    (tmp_path / "benchmarks/native/alloc/sample.c").write_text(source)
    (tmp_path / "src/shim.c").write_text("int shim(void) { return 42; }\n")
    revision = resolve(subject, commit(tmp_path / "src", "linked"))
    artifact = build(subject, revision, "sample", Target("armv7", "musl"), tmp_path)
    done = subprocess.run(["qemu-arm", *artifact.command], check=True, capture_output=True, text=True)
    assert done.stdout == "42\n"


@pytest.mark.slow
def test_a_go_tree_of_the_users_own_builds_go_workloads(tmp_path: Path) -> None:
    module = tmp_path / "benchmarks/go/hello"
    module.mkdir(parents=True)
    (module.parent / "go.mod").write_text("module m\n\ngo 1.21\n")
    (module / "main.go").write_text(
        'package main\n\nimport "runtime"\n\nfunc main() { println(runtime.Version()) }\n'
    )
    # make.bash takes minutes; a tree that hands over to the bootstrap release walks the same path.
    subject = project(
        tmp_path,
        use='"goroot"\nbootstrap = "1.24.3"',
        product='"."',
        command=(
            '"mkdir bin; cp -r {bootstrap}/src {bootstrap}/pkg {bootstrap}/VERSION {bootstrap}/go.env . ;'
            " cp {bootstrap}/bin/go bin/ ; sed -i 's/^.return buildVersion/& + `-mine`/'"
            ' src/runtime/extern.go"'
        ),
    )
    artifact = build(subject, resolve(subject, "trunk"), "hello", X86, tmp_path)
    done = subprocess.run(artifact.command, check=True, capture_output=True, text=True)
    assert done.stderr == "go1.24.3-mine\n"
