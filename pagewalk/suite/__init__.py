"""Benchmark suites: how a workload is declared, how asv finds it, what one execution of it needs."""

from pagewalk.suite.discovery import SuiteCase, discover
from pagewalk.suite.workload import Workload

__all__ = ["SuiteCase", "Workload", "discover"]
