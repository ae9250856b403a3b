"""Which events `profile` and `flame` record where, before anything is built for them."""

from pathlib import Path

import pytest

from pagewalk.commands.profiles import TIME, record
from pagewalk.errors import Unavailable
from pagewalk.history import History
from pagewalk.plugins import runner_named
from pagewalk.subjects import load_subject

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("event", [TIME, "page-faults", "cycles"])
def test_an_emulator_has_no_time_and_no_events_of_the_kernels_and_names_those_it_has(
    tmp_path: Path, event: str
) -> None:
    if reason := runner_named("qemu-riscv64").unavailable():
        pytest.skip(reason)
    with pytest.raises(Unavailable, match=f"{event} cannot be recorded under emulation") as caught:
        record(
            load_subject("malloc", ROOT),
            (),
            runner="qemu-riscv64",
            pattern="Churn",
            event=event,
            times=1,
            history=History(tmp_path, "malloc"),
            root=ROOT,
        )
    assert "--event instructions" in caught.value.remedy
    assert not list(tmp_path.iterdir())
