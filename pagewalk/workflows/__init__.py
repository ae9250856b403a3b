"""What a person asks for, from beginning to end: measure, compare, profile, gate, find noise and regressions.

Commands, bisection and the index put questions here; what is below (subjects, builders, sampling, history,
analysis) does one step each and knows nothing of these.
"""
