"""asv's own pages of a generated history: what the dashboard is measured beside.

asv publishes only commits of a repository, so one is made, a commit a result file, and the files are copied
with its hashes in them. Published once, below the cache folder: 6 million values take asv 13 minutes of a
quiet machine, and 1.8 GiB.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.asv_scripts import bring_scripts
from bench.generate_history import DAY, FIRST_DAY, Size, commit_hash, generate
from pagewalk.cache import cache_root
from pagewalk.git import AUTHOR, git

_SAID = ".seconds"


def publish(size: Size) -> tuple[Path, float]:
    """Return the folder of html that `asv publish` wrote of a history, and the seconds it took to write."""
    folder = cache_root() / "bench" / f"asv-{size.commits}x{size.benchmarks}"
    said = folder / _SAID
    if not said.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _copy(generate(_history(size), size), folder / "results", _commits(folder / "repo", size.commits))
        seconds = _publish(folder)
        bring_scripts(folder / "html")
        said.write_text(str(seconds))
    return folder / "html", float(said.read_text())


def _history(size: Size) -> Path:
    return cache_root() / "bench" / f"history-{size.commits}x{size.benchmarks}"


def _commits(repository: Path, count: int) -> list[str]:
    """Make a repository of so many empty commits, a day apart; return their hashes, the oldest first."""
    if not (repository / ".git").is_dir():
        repository.mkdir()
        git(repository, "init", "--quiet", "--initial-branch=main")
        git(repository, "fast-import", "--quiet", stdin="".join(map(_commit, range(count))).encode())
    return git(repository, "rev-list", "--reverse", "main").split()


def _commit(number: int) -> str:
    title = f"commit {number}"
    committer = f"committer {AUTHOR} {FIRST_DAY + DAY * number} +0000"
    return f"commit refs/heads/main\n{committer}\ndata {len(title)}\n{title}\n"


def _copy(source: Path, target: Path, commits: Sequence[str]) -> None:
    """Copy a history so that its commits are those of the repository."""
    for path in _others(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    for position, commit in enumerate(commits):
        old = commit_hash(position)
        for path in source.glob(f"*/{old[:8]}-*.json"):
            copy = target / path.parent.name / path.name.replace(old[:8], commit[:8])
            copy.write_bytes(path.read_bytes().replace(old.encode(), commit.encode(), 1))


def _others(source: Path) -> Iterator[Path]:
    yield source / "benchmarks.json"
    yield from source.glob("*/machine.json")


def _publish(folder: Path) -> float:
    config = {
        "version": 1,
        "project": "history",
        "repo": str(folder / "repo"),
        "branches": ["main"],
        "environment_type": "virtualenv",
        "results_dir": "results",
        "html_dir": "html",
    }
    (folder / "asv.conf.json").write_text(json.dumps(config))
    asv = Path(sys.executable).with_name("asv")
    began = time.perf_counter()
    subprocess.run([asv, "publish"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
