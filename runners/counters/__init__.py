"""How numbers are obtained: one counter source a file."""
