"""Profiles: call stacks with how often each was seen, and how two sets of them differ."""

from pagewalk.analysis.profiles.difference import SymbolChange, difference
from pagewalk.analysis.profiles.folded import Profile, parse_folded, pooled
from pagewalk.analysis.profiles.tree import Frame, grow

__all__ = ["Frame", "Profile", "SymbolChange", "difference", "grow", "parse_folded", "pooled"]
