"""The chat page on a free port of this machine, before a small bot that says what each test needs.

Everything is real but the bot's wits: the channel, the guard, the cookie, Rasa's events and its tracker store.
"""

from __future__ import annotations

import asyncio

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.web import WebPage
from bot.replies.reply import Button, Kind, Reply
from tests.channels.serving import ChannelServer

CALL_911 = {"label": "Emergency", "number": "911"}

SCRIPT: dict[str, tuple[Reply, ...]] = {
    "My foot bounces": (
        Reply(
            Kind.ANSWER,
            "Clonus is a muscle that beats by itself.\n\nWhat you can do:\n- Put your whole foot down.\n- Wait.\n\n"
            "Read more at https://example.org/clonus.",
            (Button("More"), Button("Simpler"), Button("Where is this from?")),
            {"topic": "foot-bounce", "sources": ["cleveland-clonus", "not-in-the-library"]},
        ),
    ),
    "More": (Reply(Kind.ANSWER, "That is all I have on this."),),
    "Check my symptoms": (
        Reply(
            Kind.QUESTION,
            "Did this start today?",
            (Button("Yes"), Button("No"), Button("Not sure")),
            {"progress": "Question 2 of 5", "question": "when-started"},
        ),
    ),
    "No": (
        Reply(
            Kind.RESULT,
            "Call your physical therapist this week.\n\nWhy I say this:\n- You said your knee locks back.",
            metadata={"level": "soon", "summary_url": "/visit/made-up"},
        ),
    ),
    "my face droops": (
        Reply(
            Kind.ESCALATION,
            "These can be signs of a new stroke.\n\n- Call 911 now.\n- Do not drive yourself.",
            metadata={"category": "new-stroke", "level": "emergency", "call": [CALL_911]},
        ),
    ),
    "I cannot breathe": (
        Reply(
            Kind.ESCALATION,
            "Trouble breathing can be an emergency.\n\n" + "\n".join(f"- Advice number {n}." for n in range(1, 9)),
            metadata={"category": "breathing", "level": "emergency", "call": [CALL_911]},
        ),
        Reply(Kind.NOTICE, "Is help on the way?", (Button("Help is on the way"), Button("I cannot call"))),
    ),
    "what breaks": (Reply(Kind.FALLBACK, "Sorry, something went wrong on my side. Please try again in a minute."),),
    "brace": (
        Reply(
            Kind.CLARIFY,
            "Which one do you mean?\n\n1. Do I need a brace?\n2. Brace and skin\n3. None of these",
            (Button("Do I need a brace?"), Button("Brace and skin"), Button("None of these")),
        ),
    ),
}


class UnhurriedStore(InMemoryTrackerStore):
    """A memory that takes `seconds` to look up what was said."""

    seconds = 0.0

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        await asyncio.sleep(self.seconds)
        return await super().retrieve_full_tracker(conversation_id)


class ScriptedBot:
    """Answers from SCRIPT, says anything else back, and keeps the conversation as Rasa does.

    `heard` holds every text it was told; each turn takes `seconds`.
    """

    def __init__(self) -> None:
        self.tracker_store = UnhurriedStore(Domain.empty())
        self.lock_store = InMemoryLockStore()
        self.heard: list[str] = []
        self.latest = ""
        self.seconds = 0.0

    async def handle_message(self, message: UserMessage) -> None:
        """One turn, under the name by which Rasa's channels reach an agent."""
        self.heard.append(message.text)
        self.latest = message.sender_id
        await asyncio.sleep(self.seconds)
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, metadata=message.metadata, input_channel=message.input_channel))
        for reply in SCRIPT.get(message.text, (Reply(Kind.ANSWER, f"You wrote: {message.text}"),)):
            fields = reply.as_message()
            await message.output_channel.send_response(message.sender_id, dict(fields))
            text, buttons = fields.pop("text"), fields.pop("buttons")
            tracker.update(BotUttered(text, {"buttons": buttons}, metadata=fields))
        await self.tracker_store.save(tracker)


class PageServer(ChannelServer):
    """Serves a WebPage for a bot."""

    bot: ScriptedBot

    def __init__(self, bot: ScriptedBot) -> None:
        super().__init__(lambda: [WebPage()], bot)

    def say_as_staff(self, text: str, sender: str) -> None:
        """Put a message of staff into the latest conversation, as another process would: into the store, no more."""

        async def say() -> None:
            store = self.bot.tracker_store
            tracker = await store.get_or_create_tracker(self.bot.latest)
            tracker.update(BotUttered(text, metadata={"kind": "handover", "sender": sender}))
            await store.save(tracker)

        asyncio.run_coroutine_threadsafe(say(), self._loop).result(10)

    def age(self, conversation: str, days: float) -> None:
        """Make everything in a conversation older."""
        store = self.bot.tracker_store
        tracker = store.deserialise_tracker(conversation, store.store[conversation])
        assert tracker is not None
        for event in tracker.events:
            event.timestamp -= days * 24 * 60 * 60
        store.store[conversation] = store.serialise_tracker(tracker)
