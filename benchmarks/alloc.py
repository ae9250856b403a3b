"""Allocators: what malloc and free cost, in time and in memory behaviour."""

from pagewalk.suite import Workload


class Churn(Workload):
    """Small blocks freed and allocated again in random order, a thousand of them alive."""

    program = "churn"
    params = ([16, 128, 1024],)
    param_names = ["size"]
    exact_loops = 20
