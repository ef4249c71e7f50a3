"""How a conversation on the chat page ends: start again, forget me, end and clear, and when its time is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.core.tracker_store import TrackerStore
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard
from bot.channels.page_answers import Answers
from bot.channels.page_requests import is_from_our_page
from bot.channels.turns import Turns
from bot.erasing import ERASED_AGAIN, erase_before, erase_conversation
from bot.records import records
from bot.settings import settings

logger = logging.getLogger(__name__)

CLEANING_PAUSE = 3600.0
"""Seconds between two searches for conversations whose time is over."""


class Forgetting:
    """Gives a browser a new conversation or none, and deletes what must not be kept."""

    def __init__(self, answers: Answers, guard: Guard, turns: Turns) -> None:
        self._answers = answers
        self._guard = guard
        self._turns = turns
        self._tasks: set[asyncio.Future[Any]] = set()

    async def restart(self, request: Request) -> HTTPResponse:
        """A new conversation for this browser; the old one is kept its days on the server."""
        if not is_from_our_page(request):
            return self._answers.refused()
        return self._answers.private(request, response.json({}), self._answers.new_id())

    async def end(self, request: Request) -> HTTPResponse:
        """Take the browser's cookie away."""
        if not is_from_our_page(request):
            return self._answers.refused()
        return self._answers.private(request, response.json({}), None)

    async def forget(self, request: Request) -> HTTPResponse:
        """Delete the browser's conversation with its records, and give it a new one."""
        if not is_from_our_page(request):
            return self._answers.refused()
        conversation = self._answers.known_conversation(request)
        if conversation is not None:
            store = request.app.ctx.agent.tracker_store
            try:
                await asyncio.to_thread(erase_conversation, conversation, store, records())
            except Exception:
                logger.exception("A conversation could not be erased.")
                return self._answers.problem("not_cleared", 503)
            self._turns.forget(conversation)
            self._guard.forget(conversation)
            self._in_background(self._forget_again(conversation, store))
        return self._answers.private(request, response.json({}), self._answers.new_id())

    def start_cleaning(self, app: Any) -> None:
        """Delete, now and every hour, what is older than the setting allows."""
        self._in_background(self._clean(app))

    def stop(self) -> None:
        """End what runs in the background, so that a server that stops need not wait for it."""
        for task in self._tasks:
            task.cancel()

    async def _forget_again(self, conversation: str, store: TrackerStore) -> None:
        """Erase what a turn or a record that was on its way has written since."""
        await asyncio.sleep(ERASED_AGAIN)
        while self._turns.is_running(conversation):
            await asyncio.sleep(1.0)
        await asyncio.to_thread(erase_conversation, conversation, store, records())

    async def _clean(self, app: Any) -> None:
        while True:
            limit = datetime.now(timezone.utc) - timedelta(days=settings().keep_days)
            try:
                await asyncio.to_thread(erase_before, limit, app.ctx.agent.tracker_store, records())
            except Exception:
                logger.exception("Old conversations could not be deleted.")
            await asyncio.sleep(CLEANING_PAUSE)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
