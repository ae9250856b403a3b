"""Drives a bisection: candidates from git, executions by a probe, state on disk after every step."""
