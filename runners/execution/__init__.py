"""One workload process on this host under its contract: start, marks, output, how it ended."""
