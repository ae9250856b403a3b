"""How sure a step is that was looked for everywhere: a p-value that pays for the search.

The places of steps are chosen by the very values that would test them, so Mann and Whitney's p by
itself is far too small. A step is a triple (start, step, stop). Where the values of [start, stop)
are exchangeable, the test's p holds for each triple on its own; a weighted Bonferroni bound over
*all* triples a series has then holds for whichever of them a search picks, however it picks
(Genovese, Roeder and Wasserman, Biometrika 93, 2006, for the weights). Half of the weight is shared
by all n³/6 triples alike. The other half goes to levels that reach the end of the history, the
shortest first, m values with weight 1 / m (m + 1): that is where regressions are looked for every
day, and three values after a step could not pay for n³.

Splitting the values into two halves, one to search and one to test, would be honest too. It costs
half of the power, and of three values after a step it leaves one to test with.

What is not covered: values that lean on their neighbours. `changepoints.detect` makes steps dearer
where they do.
"""

from pagewalk.analysis.changepoints.ranks import shift_p
from pagewalk.analysis.regressions.series import Floats


def searched_p(values: Floats, start: int, step: int, stop: int) -> float:
    """Return the bound on P(noise shows such a step anywhere among `values` (n,)).

    Args:
        start, step, stop: the level before is [start, step), the one after is [step, stop).
    """
    tries = values.size**3 / 3
    if stop == values.size:
        length = stop - step
        tries = min(tries, 2.0 * values.size * length * (length + 1))
    return min(1.0, shift_p(values[start:step], values[step:stop]) * tries)
