"""render(comparison) → text. Nothing in here computes or does I/O."""
