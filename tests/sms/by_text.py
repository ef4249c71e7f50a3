"""The bot as a simulated person reaches it by text: the same interface, with every word carried through the boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message
from bot.channels.sms.inbox import Waiting
from bot.channels.sms.segments import Encoding, fits, segmented, transliterated
from bot.channels.sms.service import TextService
from bot.understanding.plain_text import plain_text
from tests.sms.phone import Desk

Said = Sequence[tuple[str, list[Message]]]
"""Texts of a person with the bot's replies, as they were on another channel."""

PLACE = re.compile(r"\(\d/\d\) ")


class Watched(TextService):
    """The service, with the replies it drew last. With a `script` it says again what the bot has said before."""

    replies: list[Message]
    script: list[tuple[str, list[Message]]] | None = None

    async def _say(self, message: Waiting, text: str, region: str | None) -> list[Message]:
        if self.script is None:
            self.replies = await super()._say(message, text, region)
            return self.replies
        heard, self.replies = self.script.pop(0)
        assert plain_text(text) == plain_text(heard), f"'{heard}' reached the bot as '{text}'"
        return self.replies


class ByTextDesk(Desk):
    """A desk whose service is watched."""

    make = Watched


class ByText:
    """Stands in for the companion. Each conversation is a phone of its own, of a country without known numbers, so
    that the replies read as on the page. `segments` counts what was sent, `texts` holds it."""

    def __init__(self, folder: Path, companion: Companion | None, said: Said | None = None) -> None:
        self.desk = ByTextDesk(folder, key=f"a key of {folder}")  # conversations that no other patient has had
        service = self.desk.service
        assert isinstance(service, Watched)
        self.service = service
        if said is not None:
            service.script = list(said)
        elif companion is not None:
            service.connect(companion.handle, lambda: companion.agent)
        self._numbers: dict[str, str] = {}
        self._next = count(5511912340000)
        self.texts: list[str] = []
        self.turns = 0

    async def say(self, conversation: str, text: str) -> list[Message]:
        """Text the bot; its replies, once all that reached the phone was found right."""
        number = self._numbers.setdefault(conversation, f"+{next(self._next)}")
        self.service.replies = []
        texts = await self.desk.say(text, number)
        self.turns += 1
        self.texts += texts
        assert self.service.replies, f"'{text}' did not reach the bot: {texts}"
        check_texts(texts, self.service.replies)
        return self.service.replies

    @property
    def segments(self) -> int:
        """Segments of all texts."""
        return sum(len(segmented(text).segments) for text in self.texts)


def check_texts(texts: Sequence[str], replies: Sequence[Message]) -> None:
    """Every text fits, danger comes first in one segment, and a question is there whole with numbered answers."""
    for text in texts:
        assert fits(text), f"too long: {text}"
        assert segmented(text).encoding is Encoding.GSM7, f"not GSM-7: {text}"
        assert not set("{}") & set(text), f"not filled in: {text}"
    dangers = [reply for reply in replies if reply["metadata"]["kind"] == "escalation"]
    for text, reply in zip(texts, dangers, strict=False):
        assert fits(text, 1), f"an escalation of more than one text: {text}"
        if reply["metadata"]["level"] == "emergency":
            assert "local emergency number" in text, f"an emergency without whom to call: {text}"
    asked = [reply for reply in replies if reply["metadata"]["kind"] in ("question", "clarify")]
    if asked:
        read = " ".join(" ".join(PLACE.sub("", text) for text in texts).split())
        for number, button in enumerate(asked[-1]["buttons"], start=1):
            label = " ".join(transliterated(button["title"]).split())
            assert f"{number} {label}" in read, f"'{number} {label}' is not on the phone: {read}"
