"""The promise "about n more would settle it" is kept about as often as it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from judging import compare_one, timed
from scipy import stats

from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.samples_needed import MOST, smallest_attainable, to_tell_ratio, to_tell_shares
from pagewalk.analysis.verdict import Verdict


def needed(logs: tuple[Floats, ...], distance: float, band: float) -> int:
    """As `to_tell_ratio` has it of one row, at a level of 5 %."""
    rows = tuple(side[np.newaxis] for side in logs)
    (found,) = to_tell_ratio(rows, np.array([distance]), np.array([band]), 0.05).tolist()
    return int(found)


@pytest.mark.parametrize("level", [0.05, 0.01, 0.0005, 1e-6])
def test_the_smallest_attainable_p_is_that_of_samples_that_do_not_overlap(level: float) -> None:
    n = smallest_attainable(level, pairs=False)
    assert stats.mannwhitneyu(range(n), range(n, 2 * n), method="exact").pvalue <= level
    assert stats.mannwhitneyu(range(n - 1), range(n, 2 * n - 1), method="exact").pvalue > level
    n = smallest_attainable(level, pairs=True)
    assert stats.wilcoxon(range(1, n + 1), method="exact").pvalue <= level
    assert stats.wilcoxon(range(1, n), method="exact").pvalue > level


def test_the_samples_asked_for_settle_an_effect_about_four_times_in_five() -> None:
    rng = np.random.default_rng(11)
    logs = tuple(rng.normal(0, 0.05, 5000) for _ in range(2))
    n = needed(logs, distance=np.log(1.05), band=np.log(1.02))
    settled = 0
    for _ in range(300):
        base, head = np.exp(rng.normal(0, 0.05, n)), 1.05 * np.exp(rng.normal(0, 0.05, n))
        settled += compare_one(timed(base), timed(head)).verdict is Verdict.REGRESSED
    assert 0.7 <= settled / 300 <= 0.92


SAMPLES = arrays(np.float64, st.integers(1, 40), elements=st.floats(-5, 5).map(lambda x: round(x, 3)))


@given(logs=st.lists(SAMPLES, min_size=1, max_size=2).map(tuple))
def test_the_noise_of_samples_is_told_from_their_quartiles_as_numpy_has_them(
    logs: tuple[Floats, ...],
) -> None:
    residuals = np.concatenate([side - np.median(side) for side in logs])
    low, high = np.percentile(residuals, [25, 75])
    spread = (high - low) / 1.349 * np.sqrt(residuals.size / max(1, residuals.size - len(logs)))
    deviates = stats.norm.isf(0.025) + stats.norm.isf(0.2)
    expected = len(logs) * (deviates * spread / 0.5) ** 2 * np.pi / 3
    found = needed(logs, distance=0.5, band=0.1)
    least = smallest_attainable(0.05, pairs=len(logs) == 1)
    assert found == pytest.approx(max(least, min(np.ceil(expected), MOST)), abs=1)


@given(
    rows=arrays(np.float64, (3, 9), elements=st.sampled_from([-np.inf, -1.0, -0.5, 0.0, 0.25, 1.0])),
    distances=arrays(np.float64, 3, elements=st.sampled_from([0.0, 0.01, 0.5, np.inf])),
)
def test_rows_need_as_many_samples_together_as_each_alone(rows: Floats, distances: Floats) -> None:
    band = np.full(3, 0.02)
    together = to_tell_ratio((rows, rows[:, :4]), distances, band, 0.05).tolist()
    alone = [
        needed((row, row[:4]), distance, 0.02) for row, distance in zip(rows, distances.tolist(), strict=True)
    ]
    assert together == alone


def test_noise_far_above_the_effect_is_said_to_be_beyond_samples() -> None:
    logs = tuple(np.random.default_rng(1).normal(0, 3, (2, 10)))
    assert needed(logs, distance=0.0, band=0.02) == MOST


@pytest.mark.parametrize(("base", "head"), [(0.0, 0.3), (0.1, 0.9), (1.0, 0.0), (0.5, 0.7)])
def test_the_executions_asked_for_tell_two_shares_apart(base: float, head: float) -> None:
    n = to_tell_shares(base, head, 0.05)
    table = [[round(base * n), n - round(base * n)], [round(head * n), n - round(head * n)]]
    assert stats.fisher_exact(table).pvalue <= 0.05
    assert 2 <= n < 200
