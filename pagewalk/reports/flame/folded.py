"""Two profiles in one folded file, as FlameGraph's difffolded.pl writes them: `a;b 12 30`."""

from pagewalk.analysis.profiles import Profile
from pagewalk.analysis.profiles.folded import escape_frame


def render_difference(base: Profile, head: Profile) -> str:
    """Return every stack of either side with its count before and after."""
    stacks = sorted(base.counts.keys() | head.counts.keys())
    return "".join(
        f"{';'.join(map(escape_frame, stack))} {base.counts.get(stack, 0)} {head.counts.get(stack, 0)}\n"
        for stack in stacks
    )
