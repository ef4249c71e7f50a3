"""Draw the fixed replies: greeting, privacy, out of scope, apologies, with the numbers of the person's region."""

from __future__ import annotations

from typing import Any

from bot.replies.content import Content
from bot.replies.reply import Button, Kind, Reply
from bot.replies.where import filled


def fixed_reply(
    content: Content, name: str, region: str | None, *, danger: str | None = None, **metadata: Any
) -> Reply:
    """The reply called `name`, with its placeholders filled for `region` (unknown when None), in the words that the
    category `danger` has for it.

    Raises KeyError when there is no such reply.
    """
    entry = content.fixed[name]
    text = filled(content, fixed_text(content, name, danger), region)
    return Reply(Kind(entry.kind), text, tuple(Button(title) for title in entry.buttons), metadata)


def fixed_text(content: Content, name: str, danger: str | None) -> str:
    """The text of a fixed reply as a category of danger says it, with its placeholders; the general one for None."""
    flag = content.red_flags.get(danger or "")
    return str(flag.instead.get(name) if flag and name in flag.instead else content.fixed[name].text)
