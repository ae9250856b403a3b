"""WHAT pages show, as plain values: asked of the index and the history, by an address."""
