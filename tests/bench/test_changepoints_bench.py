"""The scores and the data that rank the change point methods."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bench.changepoints import ceilings, main, rates, with_step
from bench.changepoints_data import annotated, pasts
from bench.changepoints_noise import MADE_UP, blocks, calm, drawn, in_order, without_levels
from bench.changepoints_oracle import height, shift
from bench.changepoints_score import covering, f1, hits
from pagewalk.analysis.changepoints.robust import Robust


def test_an_answer_all_agree_with_scores_one() -> None:
    people = [(40, 90), (40, 90)]
    assert f1(people, [40, 90]) == 1.0
    assert covering(people, [40, 90], 120) == 1.0


def test_a_change_off_by_the_margin_counts_and_one_more_does_not() -> None:
    assert f1([(40,)], [45]) == 1.0
    assert f1([(40,)], [46]) == 0.5


def test_one_found_change_stands_for_one_true_change_only() -> None:
    assert hits([40, 42], [41]) == 1


def test_f1_takes_precision_from_all_and_recall_from_each() -> None:
    # found: 0 and 50, both known to someone; recall 1, 2/3 and 1
    recall = 8 / 9
    assert f1([(50,), (50, 80), ()], [50]) == pytest.approx(2 * recall / (1 + recall))


def test_covering_weighs_segments_by_their_length() -> None:
    # of 100 values [0, 20) is covered by [0, 50) to 20/50, [20, 100) by [50, 100) to 50/80
    assert covering([(20,)], [50], 100) == pytest.approx(0.2 * 0.4 + 0.8 * 0.625)


def test_nothing_found_covers_a_series_without_changes() -> None:
    assert covering([()], [], 10) == f1([()], []) == 1.0


@pytest.mark.parametrize("name", MADE_UP)
def test_made_up_noise_has_the_length_asked_for_and_repeats(name: str) -> None:
    once = MADE_UP[name](np.random.default_rng(1), 77)
    again = MADE_UP[name](np.random.default_rng(1), 77)
    assert once.shape == (77,)
    assert np.isfinite(once).all()
    assert (once == again).all()


def test_noise_in_order_is_a_stretch_of_a_history() -> None:
    history = np.arange(30.0)
    stretch = in_order([history])(np.random.default_rng(0), 10)
    assert (np.diff(stretch) == 1).all()
    assert len(in_order([history])(np.random.default_rng(0), 100)) == 100


def test_drawn_noise_comes_from_one_history_at_a_time() -> None:
    noise = drawn([np.zeros(5), np.ones(5)])(np.random.default_rng(0), 50)
    assert len(set(noise)) == 1


def test_noise_in_blocks_keeps_near_neighbours_together() -> None:
    piece = blocks([np.arange(500.0)])(np.random.default_rng(0), 300)
    assert piece.shape == (300,)
    assert np.mean(np.diff(piece) == 1) > 0.85
    assert len(set(piece)) > 100


def test_a_stretch_with_a_level_of_its_own_is_not_calm() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 200)
    level = noise + np.where(np.arange(200) >= 188, 6.0, 0.0)
    spike = noise + np.where(np.arange(200) == 90, 60.0, 0.0)
    assert [without_levels(one) for one in (noise, level, spike)] == [True, False, True]
    made = calm([level, noise])
    assert all((made(np.random.default_rng(seed), 200) == noise).all() for seed in range(6))


def test_who_is_told_the_place_sees_large_steps_and_none_that_are_not_there() -> None:
    place, number = ceilings(lambda generator, count: generator.normal(0, 0.01, count), 40)
    assert place == [1.0, 1.0, 1.0, 1.0]
    assert min(number) >= 0.9
    loud, _ = ceilings(lambda generator, count: generator.normal(0, 10.0, count), 40)
    assert max(loud) <= 0.2


def test_statistics_of_a_step_do_not_depend_on_the_unit() -> None:
    series = np.random.default_rng(0).normal(5, 1, 60)
    for statistic in (shift, height):
        assert statistic(series * 1024, 40) == pytest.approx(statistic(series, 40))
        assert statistic(np.ones(60), 40) == 0.0


def test_a_step_has_the_height_it_is_said_to_have() -> None:
    series = with_step(np.zeros(10), 0.05, 6, up=True)
    assert series[6] / series[5] == pytest.approx(1.05)
    assert with_step(np.zeros(10), 0.05, 6, up=False)[6] == pytest.approx(series[0] / 1.05)


def test_annotated_series_are_read_with_gaps_and_without_the_many_dimensional(tmp_path: Path) -> None:
    def write(name: str, *series: list[float | None]) -> None:
        folder = tmp_path / "datasets" / name
        folder.mkdir(parents=True)
        data = {"name": name, "series": [{"raw": values} for values in series]}
        (folder / f"{name}.json").write_text(json.dumps(data))

    write("one", [1.0, None, 3.0])
    write("two", [1.0], [2.0])
    write("unknown", [1.0])
    (tmp_path / "annotations.json").write_text(json.dumps({"one": {"7": [2]}, "two": {"7": []}}))
    (series,) = annotated(tmp_path)
    assert (series.name, series.annotations) == ("one", ((2,),))
    assert np.isnan(series.values[1])


def test_a_history_is_read_in_order_of_its_dates_with_and_without_its_level(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    times = 3e-6 * np.exp(generator.normal(0, 0.01, 200))
    times[100:] *= 2
    for commit, value in enumerate(times):
        results = {"a.time_x": [[float(value), None], [["1", "2"]], "v1"], "a.track_y": [[1.0], [], "v1"]}
        content = {"date": 1000 + commit, "env_name": "e", "results": results}
        (tmp_path / f"{(commit * 7919) % 1000:03d}.json").write_text(json.dumps(content))
    (tmp_path / "machine.json").write_text("{}")
    (past,) = pasts(tmp_path)
    assert past.noise.shape == past.measured.shape == (200,)
    assert np.abs(past.noise).max() < 0.06
    assert np.median(past.measured[100:]) - np.median(past.measured[:100]) == pytest.approx(
        np.log(2), abs=0.01
    )


def test_the_default_gives_few_alarms_and_finds_large_steps_in_every_kind_of_quiet_noise() -> None:
    alarm, two, five, *_ = rates(Robust(), MADE_UP["heavy-tailed"], clean=20, stepped=10)
    assert alarm <= 0.05
    assert two >= 0.6
    assert five >= 0.9


@pytest.mark.slow
def test_the_ranking_prints_a_row_for_each_method() -> None:
    pytest.importorskip("ruptures", reason="two of the ranked methods are those of ruptures")
    result = CliRunner().invoke(main, ["--clean", "1", "--stepped", "1"])
    assert result.exit_code == 0, result.output
    for name in ("robust", "PELT", "asv 5%", "E-divisive", "nothing"):
        assert name in result.output
