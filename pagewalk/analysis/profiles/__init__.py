"""Profiles: call stacks with how often each was seen, and how two sets of them differ."""

from pagewalk.analysis.profiles.arguments import Argument, arguments
from pagewalk.analysis.profiles.difference import SymbolChange, difference
from pagewalk.analysis.profiles.folded import Profile, parse_folded, pooled
from pagewalk.analysis.profiles.tree import Frame, grow

__all__ = [
    "Argument",
    "Frame",
    "Profile",
    "SymbolChange",
    "arguments",
    "difference",
    "grow",
    "parse_folded",
    "pooled",
]
