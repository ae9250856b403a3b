"""One command a file: reads options, calls the core, prints. Nothing here computes."""
