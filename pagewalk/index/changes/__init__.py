"""Lasting changes: looked for in all series, stored, and told where they hold among all."""
