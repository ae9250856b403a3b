"""The emulator plugin that counts what memory accesses would do to TLBs and caches, and its geometries."""
