"""Names that reading and replying share, for what a message asked besides what was answered."""

from __future__ import annotations

NEXT_MATTER = "next-matter"
"""The offer, in a reply's metadata, to go on to what else was asked."""

TELL_MORE = "tell-more"
"""The offer to tell more of the topic last told."""

WAITING = "waiting"
"""The slot with what was asked and not yet answered, in order (bot/replies/topics.py)."""
