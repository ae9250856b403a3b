"""Flame graphs of one profile or of the difference of two: a page of its own, folded, or speedscope."""

from pagewalk.reports.flame.page import FlameText, policy, render_page
from pagewalk.reports.flame.speedscope import render_speedscope

__all__ = ["FlameText", "policy", "render_page", "render_speedscope"]
