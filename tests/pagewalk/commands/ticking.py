"""A small project whose subject is one C function, with a commit for everything that a gate can meet."""

import os
import subprocess
import sys
from pathlib import Path

from pagewalk.cache import cache_root

ROOT = Path(__file__).parents[3]
TICK = """\
#include <stdlib.h>
unsigned long tick(unsigned long n);
unsigned long tick(unsigned long n) {
    volatile unsigned long sum = 0;
    for (unsigned long i = 0; i < %s * n; i++)
        sum += i;
    return sum;
}
"""
REVISIONS = {
    "base": TICK % 1,
    "words": TICK % 1 + "/* Nothing that a compiler sees. */\n",
    "faster": TICK.replace("%s * n", "n / 4"),
    "slower": TICK % 2,
    "crash": (TICK % 1).replace("sum += i", "abort()"),
    "broken": "this is no C\n",
    "still-broken": "this is no C either\n",
}
WORKLOAD = """\
#include "workload.h"
unsigned long tick(unsigned long n);
static uint64_t pass(void) { tick(4096); return 4096; }
static void prepare(void) {}
static void check(void) {}
static const struct workload workload = {"tick", 0, 0, prepare, pass, check};
int main(int argc, char **argv) { return workload_main(&workload, argc, argv); }
"""
SUITE = '''\
"""Ticks."""

from pagewalk.suite import Workload


class Tick(Workload):
    """One loop."""

    program = "tick"
    exact_loops = 2
'''
SUBJECT = """\
kind = "git"
description = "A loop"
targets = ["x86_64"]
suites = ["ticks"]
repository = "../source"

[build]
command = "{cc} -O1 -g0 tick.c {sources} -o {out}"
product = "{program}"
use = "program"
"""


def make(root: Path) -> Path:
    """Write the project and the repository of its subject; return the project's folder."""
    native = root / "benchmarks/native"
    (native / "ticks").mkdir(parents=True)
    (native / "contract").symlink_to(ROOT / "benchmarks/native/contract")
    (native / "ticks/tick.c").write_text(WORKLOAD)
    (root / "benchmarks/__init__.py").symlink_to(ROOT / "benchmarks/__init__.py")
    (root / "benchmarks/ticks.py").write_text(SUITE)
    (root / "asv.conf.json").write_text("{}")
    (root / "subjects").mkdir()
    (root / "subjects/ticker.toml").write_text(SUBJECT)
    _repository(root / "source")
    return root


def _repository(source: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(source)], check=True)
    who = ("-c", "user.name=t", "-c", "user.email=t@t")
    for name, text in REVISIONS.items():
        (source / "tick.c").write_text(text)
        for words in (("add", "."), (*who, "commit", "-qm", name), ("tag", name)):
            subprocess.run(["git", "-C", str(source), *words], check=True)


def environment() -> dict[str, str]:
    """Of every command: the tools of this environment first."""
    return {
        **os.environ,
        "PAGEWALK_CACHE": str(cache_root()),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def pagewalk(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Execute a command in the project."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "pagewalk"), *words],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def ci(
    root: Path, base: str, head: str, *words: str, runner: str = "local"
) -> subprocess.CompletedProcess[str]:
    """Ask the gate."""
    named = ("--base", base, "--head", head, "-s", "ticker", "-r", runner)
    return pagewalk(root, "ci", *named, "--rounds", "6", *words)
