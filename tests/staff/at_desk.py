"""A console with people who talked to the bot: their conversations as Rasa keeps them, and the records about them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sqlalchemy import select

from bot.databases import Row
from bot.desk.tables import metadata
from bot.records import Records
from bot.staff.conversations import Conversations
from tests.staff.world import World

VERDICT = {
    "category": "new-stroke", "level": "emergency", "sure": True, "matched": ["face drops"], "rule": "stroke-face",
}  # fmt: skip
DOMAIN = Domain.from_dict({"slots": {name: {"type": "any", "mappings": []} for name in ("region", "interview")}})
ANSWER = "Clonus is a muscle that beats by itself."
WORDS = "I am Zebedee Quillfeather, my face drops, call 415 555 0100"


class AtDesk:
    """The chat's side of a console."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.store = SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(folder / "conversations.db"))
        self.records = Records(f"sqlite:///{world.settings.records_path}", str.strip)
        world.console.desk.conversations = Conversations(lambda: f"sqlite:///{folder / 'conversations.db'}")

    async def talked(self, conversation: str, *texts: str, **slots: Any) -> None:
        """Somebody talked to the bot, and it answered each text."""
        tracker = await self.store.get_or_create_tracker(conversation, append_action_listen=False)
        for number, text in enumerate(texts):
            at = time.time() + number
            tracker.update(UserUttered(text, timestamp=at))
            tracker.update(BotUttered(ANSWER, metadata={"kind": "answer"}, timestamp=at))
            self.records.said(conversation, "web", f"{conversation}-{number}", [{"kind": "answer", "topic": "brace"}])
        for name, value in slots.items():
            tracker.update(SlotSet(name, value))
        await self.store.save(tracker)
        self.records.written()

    def escalate(self, conversation: str = "ana", text: str = WORDS, channel: str = "web", **more: Any) -> None:
        """The bot told somebody to get help."""
        self.records.escalation(conversation, text, {**VERDICT, **more}, told="Call 911 now.", channel=channel)
        self.records.written()

    def ask(self, conversation: str = "ana", channel: str = "web") -> None:
        """Somebody asks for a person."""
        self.records.person_wanted(conversation, channel)
        self.records.written()

    def rows(self, table: str) -> list[Row]:
        """Everything in a table of the records."""
        wanted = metadata.tables[table]
        with self.world.console.desk.reading() as connection:
            return [dict(row) for row in connection.execute(select(wanted).order_by(*wanted.primary_key)).mappings()]

    def said(self) -> list[tuple[str, str]]:
        """What staff said to people: kind and words."""
        return [(row["kind"], row["text"]) for row in self.rows("staff_messages")]

    def reasons(self) -> list[str]:
        """The reasons that stand in the log."""
        return [entry.details["reason"] for entry in self.world.log() if "reason" in entry.details]

    def close(self) -> None:
        self.records.close()
