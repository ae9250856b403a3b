"""Interleaved, randomised rounds: which execution comes next, and what to keep of it."""

from pagewalk.sampling.plan import Cell, Side, exact_on, rounds_for
from pagewalk.sampling.sitting import Sitting

__all__ = ["Cell", "Side", "Sitting", "exact_on", "rounds_for"]
