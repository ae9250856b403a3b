"""What a sequence does that it should not, on runs made up for the purpose."""

from collections.abc import Callable

from pagewalk.model import Crash, Origin, Outcome, Precision, Provenance, Run, Sample
from pagewalk.sequences.search import Ground, as_sequence, look_at, numbered, shrunk

KNOBS = (("sequence", "7"), ("length", "40"))
EXACT = Provenance(Origin.SIMULATED, Precision.EXACT, "made up")


def kept(arguments: tuple[str, ...]) -> set[int]:
    (text,) = [word.removeprefix("--keep=") for word in arguments if word.startswith("--keep=")]
    found: set[int] = set()
    for part in text.split(","):
        begin, _, end = part.partition("-")
        found |= set(range(int(begin), int(end or begin) + 1))
    return found


def crashing(*needed: int, signal: str = "SIGSEGV") -> Callable[[tuple[str, ...]], Run]:
    def replay(arguments: tuple[str, ...]) -> Run:
        if set(needed) <= kept(arguments):
            return Run(Outcome.CRASHED, crash=Crash(signal))
        return Run(Outcome.OK)

    return replay


def counting(cost: int, *, dear: int = -1) -> Callable[[tuple[str, ...]], Run]:
    """Every step costs `cost`, the one that is dear a hundred times as much."""

    def replay(arguments: tuple[str, ...]) -> Run:
        steps = kept(arguments)
        value = sum(100 * cost if step == dear else cost for step in steps)
        return Run(Outcome.OK, (Sample("instructions", value, EXACT),))

    return replay


def test_a_crash_is_found_and_shrunk_to_the_steps_that_it_takes() -> None:
    ground = Ground(crashing(3, 31))
    found = look_at(ground, KNOBS, 40)
    assert found is not None
    smallest = shrunk(ground, found)
    assert smallest.steps == (3, 31)
    sequence = as_sequence("alloc_sequence", smallest, "somewhere")
    assert sequence.arguments == ("--sequence=7", "--length=40", "--keep=3,31")


def test_another_crash_on_the_way_is_not_taken_for_the_one_that_was_found() -> None:
    def replay(arguments: tuple[str, ...]) -> Run:
        run = crashing(3, 31)(arguments)
        return crashing(3, signal="SIGABRT")(arguments) if run.outcome is Outcome.OK else run

    ground = Ground(replay)
    found = look_at(ground, KNOBS, 40)
    assert found is not None
    assert shrunk(ground, found).steps == (3, 31)


def test_what_ends_alike_at_base_is_no_news_and_another_ending_is() -> None:
    assert look_at(Ground(crashing(3), crashing(3)), KNOBS, 40) is None
    assert look_at(Ground(crashing(3), crashing(3, signal="SIGBUS")), KNOBS, 40) is not None


def test_a_growth_is_found_against_base_and_shrunk_to_what_grows() -> None:
    ground = Ground(counting(10, dear=5), counting(10))
    found = look_at(ground, KNOBS, 40)
    assert found is not None
    assert shrunk(ground, found).steps == (5,)
    assert look_at(Ground(counting(10), counting(10)), KNOBS, 40) is None


def test_a_runner_without_the_counter_finds_no_growth() -> None:
    assert look_at(Ground(crashing(99), counting(10)), KNOBS, 40) is None


def test_numbers_make_sequences() -> None:
    assert [dict(options)["sequence"] for options in numbered(5, 3, ())] == ["5", "6", "7"]
