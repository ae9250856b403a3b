"""How values look and are said: marks, colours and words, the same on every page."""
