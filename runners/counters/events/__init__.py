"""Which events of which processor give which metric, and by which name."""
