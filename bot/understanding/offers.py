"""What a reply's metadata offers, by the names that reading and replying share."""

from __future__ import annotations

NEXT_MATTER = "next-matter"
"""To go on to what else a message asked for."""
