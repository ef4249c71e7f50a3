"""What actions draw on is read when their server starts and imports this, so that the first person need not wait.

The guard gives a turn three seconds (bot/channels/guard.py); a slow machine takes longer than that to read everything.
"""

from __future__ import annotations

import logging

from bot.records import records
from bot.replies.check_in import result_talk
from bot.replies.content import content

logger = logging.getLogger(__name__)


def read_early() -> None:
    """Read the content, the library and the check-in. What cannot be read now is tried again when it is needed."""
    for name, part in (
        ("content and library", lambda: content().topics),
        ("check-in", result_talk),
        ("records", records),
    ):
        try:
            part()
        except Exception:
            logger.exception("Could not be read at the start: %s.", name)


read_early()
