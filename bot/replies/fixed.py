"""Draw the fixed replies: greeting, privacy, out of scope, apologies, with the numbers of the person's region."""

from __future__ import annotations

from typing import Any

from bot.replies.content import Content
from bot.replies.reply import Button, Kind, Reply
from bot.replies.where import filled


def fixed_reply(content: Content, name: str, region: str | None, **metadata: Any) -> Reply:
    """The reply called `name`, with its placeholders filled for `region` (unknown when None).

    Raises KeyError when there is no such reply.
    """
    entry = content.fixed[name]
    text = filled(content, entry.text, region)
    return Reply(Kind(entry.kind), text, tuple(Button(title) for title in entry.buttons), metadata)
