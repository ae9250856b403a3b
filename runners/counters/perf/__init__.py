"""The perf command: asked to count and to record, and its output read."""
