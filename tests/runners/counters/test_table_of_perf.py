"""Raw numbers are those that perf itself gives to the same names, as far as its version has the processor."""

import platform
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from runners.counters.events.kernel import RAW, Event
from runners.counters.events.table import known_events

# perf prints the table of the processor that PERF_CPUID names, once it finds a PMU called `cpu`. There may be
# none here, so that it is shown one, in a mount namespace of its own which ends with it. The fields are
# those of the kernel (arch/x86/events/{intel,amd}/core.c, format_attr).
ASK = """
mount -t tmpfs none /sys/bus/event_source/devices &&
mkdir -p /sys/bus/event_source/devices/cpu/format && cd /sys/bus/event_source/devices/cpu && echo 4 >type &&
echo config:0-7,32-35 >format/event && echo config:8-15 >format/umask && echo config:24-31 >format/cmask &&
echo config:23 >format/inv && echo config:18 >format/edge && exec perf list --details
"""

NAME = re.compile(r"^  ([a-z][a-z0-9_.]+)\s*(?:\[.*)?$", re.IGNORECASE)
FIELDS = re.compile(r"^\s+cpu/((?:[a-z]+=(?:0x)?[0-9a-f]+,?)+)/\s*$")
SHIFT = {"event": 0, "umask": 8, "cmask": 24}
SAMPLING = {"period"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(platform.machine() != "x86_64", reason="this perf has the tables of x86 only"),
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
]


def table_of(cpuid: str) -> dict[str, int]:
    """Return the numbers of all events that perf names on a processor."""
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ASK],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PERF_CPUID": cpuid, "PAGER": "cat", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"perf cannot be shown another processor here: {done.stderr.strip()[-200:]}")
    return dict(_numbers(done.stdout))


def _numbers(listing: str) -> Iterator[tuple[str, int]]:
    name = ""
    for line in listing.splitlines():
        if match := NAME.match(line):
            name = match[1].lower()
        elif match := FIELDS.match(line):
            fields = dict(field.split("=") for field in match[1].split(",") if field)
            if fields.keys() <= SHIFT.keys() | SAMPLING:
                yield name, sum(int(fields.get(field, "0"), 0) << shift for field, shift in SHIFT.items())


def raw_events(processor: str) -> set[Event]:
    return {e for c in known_events().processors[processor].counted for e in c.all if e.kind == RAW}


@pytest.mark.parametrize(
    ("processor", "cpuid"),
    [
        ("intel-haswell", "GenuineIntel-6-3F-2"),
        ("intel-haswell", "GenuineIntel-6-4F-1"),
        ("intel-skylake", "GenuineIntel-6-55-4"),
        ("intel-icelake", "GenuineIntel-6-6A-6"),
        ("intel-golden-cove", "GenuineIntel-6-8F-8"),
        ("intel-crestmont", "GenuineIntel-6-AF-3"),
        ("intel-gracemont", "GenuineIntel-6-BE-0"),
        ("amd-zen1", "AuthenticAMD-23-8-2"),
        ("amd-zen2", "AuthenticAMD-23-31-0"),
        ("amd-zen3", "AuthenticAMD-25-1-1"),
        ("amd-zen4", "AuthenticAMD-26-2-1"),
    ],
)
def test_a_name_of_a_manual_has_the_number_that_perf_gives_it(processor: str, cpuid: str) -> None:
    table = table_of(cpuid)
    asked = {event.name: event.config for event in raw_events(processor)}
    if not asked.keys() & table.keys():
        pytest.skip(f"this perf has no table of {cpuid}: a newer one may")
    assert {name: table.get(name) for name in asked} == asked
