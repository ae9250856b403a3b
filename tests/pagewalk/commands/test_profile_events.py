"""Which events `profile` and `flame` record where, before anything is built for them."""

from pathlib import Path

import pytest

from pagewalk.analysis.profiles import Profile
from pagewalk.commands.profiles import TIME, record, require_samples
from pagewalk.errors import HistoryError, Unavailable
from pagewalk.history import History
from pagewalk.model import Case, Revision
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


def test_a_side_without_a_sample_is_told_beside_what_the_other_had() -> None:
    sides = [[Profile({})], [Profile({("main", "grow"): 7}), Profile({("main",): 5})]]
    revisions = [Revision("malloc", digit * 40, f"v{digit}", int(digit)) for digit in "12"]
    with pytest.raises(HistoryError) as caught:
        require_samples(sides, revisions, Case("alloc.Churn"), "page-faults")
    assert caught.value.message == "alloc.Churn at v1 had no page-faults in its region; v2 had 12."
    require_samples(sides[1:], revisions[1:], Case("alloc.Churn"), "page-faults")
