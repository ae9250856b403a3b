"""Pure functions from values to judgements. Nothing in here does I/O."""
