"""Kernel ridge regression over all examples: likeness in tiles, steps to its solution, and what is kept of it."""
