"""What a message from a phone is answered with: the rules of the medium first, then the bot itself."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.channels.running_turn import Message
from bot.channels.sms.inbox import Waiting
from bot.channels.sms.keywords import (
    Keyword,
    bare_number,
    is_bare_answer,
    is_reaction,
    keyword_of,
    spelled_out,
)
from bot.channels.sms.links import shortened
from bot.channels.sms.outbox import Outgoing
from bot.channels.sms.rendering import Drawing, Drawn
from bot.databases import Row
from bot.records import records
from bot.replies.content import Content
from bot.replies.where import filled
from bot.safety.record import INTERRUPTING, verdict_as_dict
from bot.shared import safety_screen
from bot.understanding.plain_text import plain_text
from knowledge.text_messages import TextMessages

logger = logging.getLogger(__name__)

Say = Callable[[Waiting, str, str | None], Awaitable[list[Message]]]
"""The bot's replies to a message: which one, its words, and the region of the phone."""

_HANDLED = {"stop": Keyword.STOP, "start": Keyword.START, "help": Keyword.HELP}


class Numbers(str, Enum):
    """Whether the person can have read the question whose numbers count now."""

    SEEN = "seen"
    UNSEEN = "unseen"
    ON_THE_WAY = "on-the-way"


def region_of(phone: Row) -> str | None:
    """Whose numbers help this person: of the country they named, else of their number; None when neither tells."""
    return phone["said_region"] or phone["region"]


@dataclass
class Answered:
    """What to do about a message: texts to send, and how the phone's row changes.

    `question_text` is the place in `texts` of the one that carries new choices. `drop_waiting`: nothing that still
    waits for this phone may go out. `forget`: erase what was told.
    """

    texts: Sequence[Outgoing] = ()
    changes: Row = field(default_factory=dict)
    question_text: int | None = None
    drop_waiting: bool = False
    forget: bool = False


class Conversation:
    """Answers the messages of phones. It keeps nothing between calls."""

    def __init__(self, content: Content, words: TextMessages, public_url: str | None, say: Say) -> None:
        self._content = content
        self._words = words
        self._public_url = public_url
        self._say = say

    def drawing(self, region: str | None) -> Drawing:
        """Draws replies for a region."""
        return Drawing(self._content, self._words, region, lambda text: shortened(text, self._public_url))

    async def answer(
        self,
        phone: Row,
        message: Waiting,
        *,
        answers_keywords: bool,
        numbers: Numbers,
        now: float,
        silence: float,
        held: bool = False,
    ) -> Answered:
        """What to do about one message. `answers_keywords`: the provider has answered STOP, START and HELP. `silence`:
        seconds since the phone was last sent a text. `held`: staff answer this person, and no rule of the medium reads
        an answer to them as one to the bot."""
        drawing = self.drawing(region_of(phone))
        keyword = _HANDLED.get(message.handled or "") or keyword_of(message.text, self._words)
        silent = answers_keywords or message.handled is not None
        if keyword is Keyword.STOP:
            texts = [] if silent or phone["opted_out_at"] else [Outgoing(drawing.text("stopped"))]
            return Answered(texts, {"opted_out_at": now, "pages": None}, drop_waiting=True)
        if keyword is Keyword.START:
            texts = [] if silent else [Outgoing(drawing.text("started"))]
            return Answered(texts, {"opted_out_at": None, **({} if silent else {"welcomed_at": now})})
        if phone["opted_out_at"]:
            self._tell_staff_of_danger(message)
            return Answered()
        if keyword is Keyword.HELP:
            return Answered([] if silent else self._help(drawing))
        if keyword is Keyword.FORGET:
            return Answered([Outgoing(drawing.text("forgotten"))], drop_waiting=True, forget=True)
        if held and plain_text(message.text).strip():
            replies = await self._say(message, message.text, region_of(phone))
            return self._drawn(phone, drawing.draw(replies), now) if replies else Answered()
        answered = await self._answer_words(phone, message, keyword, drawing, numbers, now)
        if not phone["welcomed_at"]:
            welcome = [drawing.text("welcome")]
            if region_of(phone) is None and "said_region" not in answered.changes:
                welcome.append(drawing.text("ask-country"))
            self._say_before(answered, welcome)
            answered.changes["welcomed_at"] = now
        elif silence > self._words.numbers.confirm_days * 86400 and "said_region" not in answered.changes:
            self._say_before(answered, self._still_there(phone, drawing))
        return answered

    async def _answer_words(
        self, phone: Row, message: Waiting, keyword: Keyword | None, drawing: Drawing, numbers: Numbers, now: float
    ) -> Answered:
        if keyword is Keyword.MORE and phone["pages"] is not None:
            return self._next_page(phone, drawing)
        if is_reaction(message.text):
            return Answered([Outgoing(drawing.text("reaction"))])
        if not plain_text(message.text).strip():
            return Answered([Outgoing(drawing.text("picture" if message.pictures else "empty"))])
        if is_bare_answer(message.text) and numbers is not Numbers.SEEN:
            # sent before the question on the phone was there to be read: it answers the one before
            return self._ask_again(phone, drawing, numbers)
        number = bare_number(message.text)
        if number is not None and not (phone["choices"] or {}).get("shown"):
            return Answered([Outgoing(drawing.text("no-choices"))])
        text = spelled_out(message.text, self._words)
        if is_bare_answer(message.text) and self._of_another_session(phone, now):
            text = self._words.shortcuts["check"]
        replies = await self._say(message, text, region_of(phone))
        told = self._told_region(text, replies)
        answered = self._drawn(phone, (self.drawing(told) if told else drawing).draw(replies), now)
        if told:
            answered.changes["said_region"] = told
        if message.pictures:
            answered.texts = [*answered.texts, Outgoing(drawing.text("picture"))]
        return answered

    def _of_another_session(self, phone: Row, now: float) -> bool:
        """Whether the question on the phone is one of a check-in that Rasa has put aside since: it is taken up again,
        and puts the same question, instead of an answer that nobody asked for any more."""
        choices = phone["choices"] or {}
        pause = self._words.numbers.pause_minutes * 60
        return bool(choices.get("check_in")) and now - choices["at"] > pause

    def _told_region(self, text: str, replies: Sequence[Message]) -> str | None:
        """Where the person has just said they are, when the bot has heard it so too."""
        named = self._content.regions.named_in(text)
        if named is None:
            return None
        heard = filled(self._content, self._content.fixed["region-known"].text, named.region)
        return named.region if any(reply["text"] == heard for reply in replies) else None

    def _drawn(self, phone: Row, drawn: Drawn, now: float) -> Answered:
        choices = None
        if drawn.choices is not None:
            shown = drawn.choices_in is not None
            choices = {"labels": list(drawn.choices), "shown": shown, "check_in": drawn.check_in, "at": now}
        changes: dict[str, Any] = {
            "pages": list(drawn.pages) or self._still_offered(phone, drawn),
            "choices": choices,
            "question": list(drawn.question) or None,
        }
        return Answered(drawn.texts, changes, question_text=drawn.choices_in)

    def _still_offered(self, phone: Row, drawn: Drawn) -> list[str] | None:
        """The pages that an earlier "Reply MORE." on the phone still stands for: above all the advice of an escalation,
        while a person answers "Is help on the way?". None when the new texts offer more themselves or begin a question
        of the check-in, or when numbers on the last page would have lost their meaning."""
        choices = phone["choices"]
        offered = any(self._words.hints.more in text.text for text in drawn.texts)
        if offered or drawn.check_in or (choices is not None and not choices["shown"]):
            return None
        return phone["pages"] or None

    @staticmethod
    def _next_page(phone: Row, drawing: Drawing) -> Answered:
        if not phone["pages"]:
            return Answered([Outgoing(drawing.text("no-more"))])
        page, *rest = phone["pages"]
        changes: Row = {"pages": rest}
        choices = phone["choices"]
        shown_now = not rest and choices is not None and not choices["shown"]
        if shown_now:
            changes["choices"] = {**choices, "shown": True}
        return Answered([Outgoing(page)], changes, question_text=0 if shown_now else None)

    @staticmethod
    def _ask_again(phone: Row, drawing: Drawing, numbers: Numbers) -> Answered:
        """Put the newest question again; while it is still on its way, that alone is the answer."""
        if numbers is Numbers.ON_THE_WAY or not phone["question"]:
            return Answered()
        again = [Outgoing(drawing.text("old-answer")), *(Outgoing(text) for text in phone["question"])]
        return Answered(again, question_text=len(again) - 1)

    def _help(self, drawing: Drawing) -> list[Outgoing]:
        texts = [Outgoing(drawing.text("help"))]
        service = self._content.here.human_contact
        if service:
            texts.append(Outgoing(drawing.text("help-service").replace("{service}", service)))
        return texts

    def _still_there(self, phone: Row, drawing: Drawing) -> list[str]:
        """Where the person said they are, to be put right if they moved; nothing when they said nothing."""
        if not phone["said_region"]:
            return []
        country = self._content.regions.get(phone["said_region"]).name
        return [drawing.text("still-there").replace("{country}", country)]

    @staticmethod
    def _say_before(answered: Answered, texts: Sequence[str]) -> None:
        """Put texts before an answer, but after an escalation."""
        danger = [text for text in answered.texts if text.danger]
        others = [text for text in answered.texts if not text.danger]
        answered.texts = [*danger, *map(Outgoing, texts), *others]
        if answered.question_text is not None:
            answered.question_text += len(texts)

    @staticmethod
    def _tell_staff_of_danger(message: Waiting) -> None:
        """Show staff a danger from somebody who may not be texted."""
        try:
            verdict = safety_screen().screen(message.text)
        except Exception:
            logger.exception("The safety screen failed on a message of a phone that opted out.")
            return
        if verdict.level in INTERRUPTING:
            records().escalation(message.phone, message.text, verdict_as_dict(verdict), channel="sms")
