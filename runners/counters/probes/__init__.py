"""Calls of named functions, counted and recorded with their arguments."""
