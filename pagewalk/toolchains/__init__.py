"""What builds: Go releases, zig cc, Debian sysroots. Fetched when first needed, cached by content."""
