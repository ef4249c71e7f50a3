"""Measure the assistant on held-out messages: nothing here is used when it runs."""
