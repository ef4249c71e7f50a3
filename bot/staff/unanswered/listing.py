"""Groups of unanswered messages, worked out again only when a message came or the library changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.staff.unanswered.grouping import Group, Unanswered, grouped, wordings

if TYPE_CHECKING:
    from bot.understanding.reader import Reader


@dataclass(frozen=True)
class Groups:
    """Groups, which wordings the bot answers now, and what it takes each group for; `read` is False while the bot's
    reading is not there: then each wording stands alone."""

    groups: tuple[Group, ...]
    answered: Mapping[str, bool]
    likeliest: Mapping[str, tuple[str, ...]]
    read: bool


class Listing:
    """The list of one process. Whoever asks holds the reader alone."""

    def __init__(self, alike_at: float) -> None:
        self._alike_at = alike_at
        self._for: tuple[Sequence[Unanswered], str] | None = None
        self._found = Groups((), {}, {}, read=False)

    def groups(self, messages: Sequence[Unanswered], reader: Reader | None) -> Groups:
        """The groups of these messages."""
        if reader is None:
            alone = tuple(Group((wording,)) for wording in wordings(messages))
            return Groups(alone, {}, {}, read=False)
        key = (messages, reader.library_version)
        if self._for != key:
            self._found, self._for = _worked_out(messages, reader, self._alike_at), key
        return self._found


def _worked_out(messages: Sequence[Unanswered], reader: Reader, alike_at: float) -> Groups:
    groups = tuple(grouped(messages, reader.vectors, alike_at))
    answered: dict[str, bool] = {}
    likeliest: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for wording in group.wordings:
            reading = reader.read(wording.text)
            answered[wording.key] = reader.answers(reading)
            if wording is group.wordings[0]:
                likeliest[group.key] = tuple(topic.slug for topic in reading.topics)
    return Groups(groups, answered, likeliest, read=True)
