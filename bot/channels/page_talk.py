"""The conversation on the chat page: the first words, a message and its replies, what was said before, the summary."""

from __future__ import annotations

import asyncio
import logging
from hashlib import sha256

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard, Handler
from bot.channels.limits import Rate
from bot.channels.page_answers import PREFIX, Answers, mark_of
from bot.channels.page_content import cited, emergency_told
from bot.channels.page_messages import Names, PageMessage, from_bot, replies_to, restored
from bot.channels.page_requests import LONGEST_TEXT, body_of, is_framed, is_from_our_page
from bot.channels.streams import after
from bot.channels.summary_page import STYLE, empty_page, summary_page
from bot.channels.turns import Turns
from bot.records import records
from bot.replies.content import content
from bot.replies.fixed import fixed_reply
from bot.safety.record import INTERRUPTING
from bot.shared import safety_screen

logger = logging.getLogger(__name__)

LONGEST_ID = 64
EARLIER_SECONDS = 0.5
"""Longest wait for what was said earlier, when a message comes again: its answer must not be late for that."""


class Talk:
    """Answers the requests about one browser's conversation."""

    def __init__(self, answers: Answers, guard: Guard, turns: Turns, rate: Rate) -> None:
        self._answers = answers
        self._guard = guard
        self._turns = turns
        self._rate = rate
        self._first_words = answers.words["first_words"]
        self._consent = sha256(self._first_words.encode()).hexdigest()[:12]

    async def greeting(self, request: Request) -> HTTPResponse:
        """What the page shows before the person says anything."""
        names = Names()
        reply = fixed_reply(content(), "greeting", None).as_message()
        first = {"text": self._first_words, "metadata": {"kind": "notice"}}
        greeting = {"text": reply["text"], "buttons": reply["buttons"], "metadata": {"kind": reply["kind"]}}
        body = {"replies": [from_bot(first, names), from_bot(greeting, names)], "consent": self._consent}
        return self._answers.private(request, response.json(body), self._answers.conversation(request))

    async def message(self, request: Request, handler: Handler) -> HTTPResponse:
        """One message and its replies."""
        if not is_from_our_page(request):
            return self._answers.refused()
        body = await body_of(request)
        if body is None:
            return self._answers.problem("too_long", 413)
        text = body.get("text")
        if not isinstance(text, str) or not text.strip():
            return self._answers.problem("not_text", 400)
        if len(text) > LONGEST_TEXT:
            return self._answers.problem("too_long", 413)
        conversation = self._answers.conversation(request)
        page_id = body.get("id")
        if not isinstance(page_id, str) or not 0 < len(page_id) <= LONGEST_ID:
            page_id = self._answers.new_id()
        if not self._turns.is_known(conversation, page_id):
            wait = self._rate.take(conversation)
            if wait and not _is_danger(text):
                answer = self._answers.problem("too_fast", 429)
                answer.headers["Retry-After"] = str(int(wait) + 1)
                return answer
        if body.get("consent") == self._consent:
            records().consent(conversation, self._consent, self._first_words)

        async def earlier() -> list[PageMessage]:
            return replies_to(page_id, await self.said(request, conversation))

        again = earlier if body.get("again") else None
        replies = await self._turns.say_once(handler, text, conversation, page_id, again, keeper=request.app.ctx.agent)
        found = {"replies": replies, "talk": mark_of(conversation), "emergency": emergency_told(text)}
        return self._answers.private(request, response.json(found), conversation)

    async def history(self, request: Request) -> HTTPResponse:
        """What was said so far, or what follows one message of it."""
        kept = self._answers.known_conversation(request)
        conversation = kept or self._answers.new_id()
        try:
            messages = await self._restored(request, conversation)
        except Exception:
            logger.exception("A conversation could not be read.")
            return self._answers.problem("no_history", 503)
        self._guard.all_seen(conversation)
        messages = after(messages, request.args.get("after"))
        body = {"messages": messages, "talk": mark_of(conversation), "kept": kept is not None}
        return self._answers.private(request, response.json(body), conversation)

    async def said(self, request: Request, conversation: str) -> list[PageMessage]:
        """What was said so far; nothing when it cannot be read, for an answer given twice is better than none."""
        try:
            return await asyncio.wait_for(self._restored(request, conversation), EARLIER_SECONDS)
        except Exception:
            logger.exception("A conversation could not be read.")
            return []

    async def _restored(self, request: Request, conversation: str) -> list[PageMessage]:
        return restored(await self._guard.history(request.app.ctx.agent, conversation), cited, emergency_told)

    async def helpful(self, request: Request) -> HTTPResponse:
        """Whether a message of the bot helped, kept for staff."""
        if not is_from_our_page(request):
            return self._answers.refused()
        body = await body_of(request) or {}
        conversation = self._answers.conversation(request)
        said = await self.said(request, conversation)
        wanted = [place for place, each in enumerate(said) if each["from"] == "bot" and each["id"] == body.get("id")]
        message = said[wanted[0]] if wanted else None
        if message is None or not isinstance(body.get("helpful"), bool):
            return self._answers.problem("helpful_failed", 400)
        about = message["metadata"].get("topic") or message["metadata"].get("kind", "")
        asked = next((each["text"] for each in reversed(said[: wanted[0]]) if each["from"] == "person"), None)
        records().helpful(conversation, message["id"], body["helpful"], about, message["text"], asked)
        return self._answers.private(request, response.json({}), conversation)

    async def summary(self, request: Request, version: str) -> HTTPResponse:
        """The last check-in of this browser's conversation on one page, to print or to show. `version` of the files."""
        conversation = self._answers.conversation(request)
        addresses = {
            "back": f"{PREFIX}/{'?framed=1' if is_framed(request) else ''}",
            "style": f"{PREFIX}/static/{version}/{STYLE}",
        }
        try:
            tracker = await request.app.ctx.agent.tracker_store.retrieve(conversation)
        except Exception:
            logger.exception("A conversation could not be read.")
            return self._answers.problem("no_history", 503)
        page = summary_page(tracker.get_slot("interview") if tracker else None, **addresses)
        answer = response.html(page or empty_page(**addresses), status=200 if page else 404)
        return self._answers.whole_page(request, answer, conversation)


def _is_danger(text: str) -> bool:
    """Whether a message must be heard however many came before it."""
    try:
        return safety_screen().screen(text[:LONGEST_TEXT]).level in INTERRUPTING
    except Exception:
        logger.exception("The safety screen failed on a message.")
        return True
