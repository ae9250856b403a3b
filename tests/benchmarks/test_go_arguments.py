"""Arguments of Go's own functions, which lie in other registers than those of C."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.analysis.profiles import arguments, parse_folded
from pagewalk.model import Artifact, Job, Outcome
from runners.local import Local

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
    pytest.mark.skipif(
        not os.access("/sys/kernel/tracing/uprobe_events", os.W_OK), reason="probes take root and tracefs"
    ),
]


def test_mallocgc_is_told_the_size_of_each_object(go: Callable[[str], Path]) -> None:
    program = go("gosmall")
    artifact = Artifact((str(program),), Local().target, (program,))
    options = ("--loops=1", "--size=200", "--live-kib=64")
    run = Local().execute(Job(artifact, options, 1, record="probe:runtime.mallocgc(size)"))
    assert run.outcome is Outcome.OK, run
    profile = parse_folded(run.folded)
    (size,) = arguments(profile)
    by_range = {(bucket.low, bucket.high): bucket.head for bucket in size.buckets}
    # A loop replaces 4096 objects; the runtime may ask for some of its own.
    assert 4096 - profile.lost <= by_range[128, 255] <= 4100
    assert sum(by_range.values()) + profile.lost == int(run.facts["calls"])
    of_ours = [stack for stack in profile.counts if "main.main" in stack and stack[-1] == "size=200"]
    assert sum(profile.counts[stack] for stack in of_ours) >= 4096 - profile.lost
