"""How actions are asked for: little is sent, packed, over connections that stay open.

Rasa sends every event it knows of and opens a connection for each action.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import Any, Protocol

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.engine.action_view import for_actions

ANSWER_SECONDS = 30.0
"""Longest wait for an action. The person is answered long before (bot/channels/guard.py)."""
IDLE_SECONDS = 3.0
"""How long a connection may rest before it is opened anew; servers close it after five."""


class ActionEndpoint(EndpointConfig):
    """The action server's address, with the settings of endpoints.yml."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._sessions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = (
            weakref.WeakKeyDictionary()
        )

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> ActionEndpoint:
        """The same address and settings."""
        return cls(
            endpoint.url, endpoint.params, endpoint.headers, endpoint.basic_auth, endpoint.token, endpoint.token_name,
            endpoint.cafile, **endpoint.kwargs,
        )  # fmt: skip

    async def request(
        self, method: str = "post", subpath: str | None = None, content_type: str | None = "application/json",
        compress: bool = False, **call: Any,
    ) -> Any:  # fmt: skip
        """Have an action run; its answer. Raises ClientResponseError for a refusal, aiohttp.ClientError otherwise."""
        if self.cafile or self.basic_auth or subpath:
            return await super().request(method, subpath, content_type, compress, **call)
        async with self._session().post(
            self.url, json=for_actions(call["json"]), params=self.combine_parameters({}), headers=self.headers,
            compress="deflate",
        ) as response:  # fmt: skip
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.content.read())
            return await response.json()

    def _session(self) -> aiohttp.ClientSession:
        """The open connections of this event loop."""
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            connections = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
            session = aiohttp.ClientSession(connector=connections, timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
            self._sessions[loop] = session
        return session


class HasActions(Protocol):
    """Rasa's message processor, as far as actions go."""

    action_endpoint: EndpointConfig | None


def ask_our_way(agent: Any) -> None:
    """Make an agent of Rasa ask for its actions in this way. Done already when its endpoint is no plain one."""
    processor: HasActions | None = getattr(agent, "processor", None)
    if processor is not None and type(processor.action_endpoint) is EndpointConfig:
        processor.action_endpoint = ActionEndpoint.of(processor.action_endpoint)
