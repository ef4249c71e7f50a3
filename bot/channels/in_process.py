"""The whole bot inside one process: the trained model and the real actions, without servers.

`clonus chat`, `clonus converse` and the conversation tests talk to it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiohttp import ClientResponseError, RequestInfo
from multidict import CIMultiDict, CIMultiDictProxy
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from yarl import URL

from bot.channels.guard import Guard
from bot.channels.running_turn import Message
from bot.engine.action_view import for_actions
from bot.engine.lock_store import Locks
from bot.engine.tracker_store import ConversationsInMemory
from bot.quiet import quiet_rasa_logs

CHANNEL = "terminal"


class ModelMissing(Exception):
    """There is no trained model that can be loaded."""


class InProcessActions(EndpointConfig):
    """Runs custom actions where Rasa would send them over the network."""

    def __init__(self) -> None:
        super().__init__("http://in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(
        self, method: str = "post", subpath: str | None = None, content_type: str | None = None,
        compress: bool = False, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Run the action that `json` asks for, with the same data a server would see."""
        call = json.loads(json.dumps(for_actions(kwargs["json"])))
        try:
            return await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": rejection.message})
            raise _bad_request(body) from rejection


def _bad_request(body: str) -> ClientResponseError:
    """What Rasa expects of an action server that rejects an execution."""
    url = URL("http://in-process")
    error = ClientResponseError(
        RequestInfo(url, "POST", CIMultiDictProxy(CIMultiDict()), url), (), status=400, message=body
    )
    error.text = body  # type: ignore[attr-defined]
    return error


class Companion:
    """A loaded bot to talk to."""

    def __init__(self, agent: Agent, seconds: float) -> None:
        self._agent = agent
        self._guard = Guard(seconds)

    @classmethod
    async def load(cls, models: Path, seconds: float = 60.0) -> Companion:
        """Load the newest model under `models`. Conversations are kept in memory only.

        Raises ModelMissing when there is no model or it cannot be loaded.
        """
        if not models.is_file() and not any(models.glob("*.tar.gz")):
            raise ModelMissing(f"There is no trained model in {models}. Train one with: clonus train")
        quiet_rasa_logs()
        endpoints = AvailableEndpoints(
            action=InProcessActions(), tracker_store=ConversationsInMemory(Domain.empty()), lock_store=Locks()
        )
        agent = await load_agent(str(models), endpoints=endpoints)
        if not agent.is_ready():
            raise ModelMissing(f"The model in {models} cannot be loaded. Train a new one with: clonus train --force")
        return cls(agent, seconds)

    async def say(self, conversation: str, text: str) -> list[Message]:
        """What the bot replies to `text` in a conversation: at least one message."""
        return await self._guard.replies(self.handle, text, conversation, CHANNEL, keeper=self._agent)

    @property
    def agent(self) -> Agent:
        """Rasa's agent, through which the guard keeps what it said."""
        return self._agent

    @property
    def tracker_store(self) -> TrackerStore:
        """Where the conversations are kept."""
        return self._agent.tracker_store

    async def tracker(self, conversation: str) -> DialogueStateTracker:
        """Everything Rasa remembers of a conversation."""
        return await self._agent.tracker_store.get_or_create_tracker(conversation)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a conversation as it stands in `tracker`."""
        await self._agent.tracker_store.save(tracker)

    async def handle(self, message: UserMessage) -> None:
        """One turn, as Rasa's channels hand it over; replies go to the message's output channel."""
        await self._agent.handle_message(message)
