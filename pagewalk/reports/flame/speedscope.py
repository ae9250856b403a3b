"""speedscope's own file format, for speedscope.app: one profile a side.

Format: https://www.speedscope.app/file-format-schema.json, type `sampled`.
"""

import json
from collections.abc import Mapping

from pagewalk import __version__
from pagewalk.analysis.profiles import Profile

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def render_speedscope(profiles: Mapping[str, Profile], title: str) -> str:
    """Return profiles by name as one file; frames are shared between them."""
    frames: dict[str, int] = {}
    sides = [_side(name, profile, frames) for name, profile in profiles.items()]
    content = {
        "$schema": SCHEMA,
        "exporter": f"pagewalk {__version__}",
        "name": title,
        "activeProfileIndex": 0,
        "shared": {"frames": [{"name": name} for name in frames]},
        "profiles": sides,
    }
    return json.dumps(content) + "\n"


def _side(name: str, profile: Profile, frames: dict[str, int]) -> dict[str, object]:
    stacks = sorted(profile.counts.items())
    return {
        "type": "sampled",
        "name": name,
        "unit": "none",
        "startValue": 0,
        "endValue": profile.total,
        "samples": [[frames.setdefault(frame, len(frames)) for frame in stack] for stack, _ in stacks],
        "weights": [count for _, count in stacks],
    }
