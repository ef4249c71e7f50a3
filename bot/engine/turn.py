"""One message on its way through the bot: its turn is kept whole, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, DefinePrevUserUtteredFeaturization, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.watch import Watch
from bot.replies.reply import Kind

WITHOUT_TRACE = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)
"""Actions that may leave nothing behind. Every other one says or changes something, or it failed."""

ASKING = (Kind.QUESTION.value, Kind.CLARIFY.value)

JUST_AFTER_SECONDS = 1e-5
"""What was said while the conversation was still being opened stands after the message, by which a store orders."""


class Turn(Watch):
    """Decides, once, whether the bot's own turn counts or the answer of the guard.

    A turn that failed, or whose place the guard has taken, leaves no trace in the conversation: the next message
    finds everything as the person last saw it. `messages` is what the turn has said so far.
    """

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        super().__init__()
        self.kept = False
        self.given_up = False
        self.slots: Mapping[str, Any] | None = None
        """What the conversation knew before the message; None while it has not been read."""
        self.slots_after: Mapping[str, Any] | None = None
        """What it knows after the turn; None unless the turn was kept."""
        self._messages = messages
        self._said_meanwhile: list[Event] | None = None
        self._lock = threading.Lock()

    def read(self, tracker: DialogueStateTracker | None) -> None:
        """Remember what was known before the message."""
        if self.slots is None:
            self.slots = tracker.current_slot_values() if tracker is not None else {}

    def may_keep(self, tracker: DialogueStateTracker) -> bool:
        """Whether the turn counts. From here on nobody may take its place."""
        with self._lock:
            if self.failed or self.given_up or not self._messages or action_failed(tracker.events):
                self.failed = self.failed or not self.given_up
                return False
            if self._said_meanwhile is not None:
                if self._asks() or tracker.active_loop_name:
                    self.failed = True
                    return False
                asked_at = max(
                    (event.timestamp for event in tracker.events if isinstance(event, UserUttered)), default=0.0
                )
                for event in self._said_meanwhile:
                    event.timestamp = max(event.timestamp, asked_at + JUST_AFTER_SECONDS)
                    tracker.update(event)
            self.kept = True
            self.slots_after = tracker.current_slot_values()
            return True

    def give_up(self) -> bool:
        """Take the turn's place for good. False when it is being kept: then its own replies count."""
        with self._lock:
            self.given_up = not self.kept
            return self.given_up

    def speak_before(self, said: Iterable[Event]) -> bool:
        """Let the turn finish although the person was told something meanwhile. False when it is being kept already.

        What it then says was not seen at once. So it may not ask anything: the next message would be taken for the
        answer to a question that nobody saw.
        """
        with self._lock:
            if not self.kept:
                self._said_meanwhile = list(said)
            return not self.kept

    def _asks(self) -> bool:
        return any(message.get("metadata", {}).get("kind") in ASKING for message in self._messages)


def action_failed(events: Iterable[Event]) -> bool:
    """Whether an action since the person's last message left nothing behind: Rasa goes on when one fails."""
    last: str | None = None
    failed = False
    for event in events:
        if isinstance(event, UserUttered):
            last, failed = None, False
        elif isinstance(event, ActionExecuted):
            failed = failed or last is not None
            last = event.action_name if event.action_name not in WITHOUT_TRACE else None
        elif not isinstance(event, DefinePrevUserUtteredFeaturization):
            last = None
    return failed or last is not None
