"""Every word of a command reaches the workload as it is, and no shell as code."""

import subprocess
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runners.counters.perf.record_plan import RecordPlan
from runners.ssh.job_file import Order, job_text

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def _executed(order: Order, folder: Path) -> list[str]:
    (folder / "job").write_bytes(job_text(order))
    done = subprocess.run(["sh", "-c", ". ./job; execute"], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().split("\0")[:-1]


@given(arguments=st.lists(words, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_arrive_as_they_are(tmp_path: Path, arguments: list[str]) -> None:
    order = Order("0" * 16, ("printf", "%s\\0", *arguments), [], (), (), 60)
    assert _executed(order, tmp_path) == (arguments or [""])


def test_the_mark_comes_first_and_substitutions_stay_words(tmp_path: Path) -> None:
    value = "$(touch harm) `touch harm` '; touch harm #"
    order = Order("0" * 16, ("env", "-0"), [("A", value)], (), (), 60)
    assert _executed(order, tmp_path) == [f"PAGEWALK_RUN={'0' * 16}", f"A={value}", "PAGEWALK_CONTROL=4,5"]
    assert not (tmp_path / "harm").exists()


def test_processors_are_a_mask_and_time_is_whole_seconds() -> None:
    text = job_text(Order("0" * 16, ("true",), [], (1, 3), ("page-faults",), 1.2)).decode()
    assert "exec taskset 0xa env -i" in text
    assert text.startswith("timeout=2\ncounted=yes\ncpu=1\n")
    assert "perf stat -x, -o perf.csv -D -1" in text


def test_what_is_recorded_is_switched_on_apart_from_what_is_counted_and_probes_are_held_for_both() -> None:
    plan = RecordPlan("group:*", ("-c", "1"), "comm,trace")
    places = [("group", "0", "/a b/c", "0x10", "a1=%di:u64"), ("group", "1", "/d", "0x20", "")]
    text = job_text(Order("0" * 16, ("true",), [], (), ("group:*",), 1, plan, places)).decode()
    assert "place group 0 '/a b/c' 0x10 a1=%di:u64 && place group 1 /d 0x20 ''" in text
    counting = next(line for line in text.splitlines() if line.startswith("counting()"))
    held, counted, recorded = (
        counting.index(f"perf {words}") for words in ("stat -C 0", "stat -x,", "record")
    )
    assert held < counted < recorded
    assert counting.index("fifo:count.control") < recorded < counting.index("fifo:record.control")
    assert " -e 'group:*' -- env " in counting[:counted]
    # perf prints no file of what has no address.
    assert ",dso" not in text
