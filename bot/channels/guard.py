"""The guard that always answers: whatever breaks behind a channel, the person gets a useful reply."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import Event

from bot.channels.collector import ReplyCollector
from bot.channels.conversation_log import ConversationLog, Keeper, said
from bot.channels.guard_words import (
    HELP_ANSWERS,
    Answer,
    answer_for,
    as_escalated,
    escalated,
    region_for_message,
    trouble,
)
from bot.channels.held import Held
from bot.channels.running_turn import Message, RunningTurn, as_message, exchange, has_ended, note_failure
from bot.channels.staff_words import write_quietly
from bot.engine.action_answers import check_quickly
from bot.engine.action_endpoint import ask_our_way
from bot.engine.lock_store import alone_with
from bot.engine.tracker_store import MESSAGE_ID
from bot.engine.turn import Turn
from bot.engine.turn_loop import turn_loop
from bot.engine.watch import watched_by
from bot.records import records
from bot.replies.content import content
from bot.replies.escalations import danger_check_reply
from bot.replies.handover import person_has_it
from bot.replies.reply import Kind
from bot.safety.in_conversation import screened
from bot.safety.record import interrupts, verdict_from_dict
from bot.safety.told import TOLD
from bot.shared import safety_screen
from bot.understanding.plain_text import plain_text
from bot.understanding.tidy import same_words

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]

LONGEST_MESSAGE = 5000
"""Characters of one message that are handed on; the screen reads the rest as well."""

SAVING_SECONDS = 0.9
"""Longest wait, beyond a turn's own time, for a conversation that is just being written."""
SCREEN_SECONDS = 0.9
"""Longest wait for the screen when the turn did not come to it."""
LATE_SECONDS = 30.0
"""Longest a turn may go on after the person was told that something went wrong."""

MOST_SHOWN = 240
"""Messages of a conversation that are read to be shown again."""

MOST_KNOWN = 5000
"""Conversations of which the guard remembers where the person is and what was asked last."""
KNOWN_SLOTS = ("region", "emergency", "danger_check", "escalated", TOLD)


class Guard:
    """Runs one turn and makes sure that it ends in a reply, unless staff answer this person.

    `seconds` is the longest a turn may take. When a turn fails, says nothing or takes longer, the guard screens
    the message itself and answers with the right escalation, or with an apology and the ways to reach help. Such a
    turn leaves no trace (bot/engine/turn.py); what the guard said is written in its place.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._log = ConversationLog()
        self._held = Held()
        self._screening = ThreadPoolExecutor(max_workers=4, thread_name_prefix="guard-screen")
        self._late: dict[str, tuple[RunningTurn, Answer]] = {}
        self._unseen: OrderedDict[str, list[Message]] = OrderedDict()
        self._known: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._background: set[asyncio.Task[None]] = set()
        check_quickly()
        safety_screen()

    async def replies(
        self,
        handler: Handler,
        text: str,
        sender_id: str,
        channel: str,
        metadata: dict[str, Any] | None = None,
        region: str | None = None,
        keeper: Keeper | None = None,
    ) -> list[Message]:
        """The replies to one message: at least one, and an escalation among them when the message is a danger.

        While staff answer this person the bot keeps quiet: no replies, but of danger.
        `region`: whose numbers the guard names while the conversation knows none, where the channel knows it.
        `keeper` is Rasa's agent, through which the guard's own replies are written into the conversation.
        """
        self._end_late_turn(sender_id)
        collector = ReplyCollector()
        message = UserMessage(
            plain_text(text)[:LONGEST_MESSAGE], collector, sender_id, input_channel=channel, metadata=metadata
        )
        turn = Turn(collector.messages)
        running = RunningTurn(turn, message, text, time.time(), Future(), region)
        running.work = turn_loop().start(self._turn(running, handler, keeper))
        running.work.add_done_callback(note_failure)
        said_now = await self._said(running, keeper)
        unseen = [
            one for one in self._unseen.pop(sender_id, ()) if one["text"] not in {new["text"] for new in said_now}
        ]
        records().said(sender_id, channel, message.message_id, [one["metadata"] for one in said_now])
        if running.holder is not None:
            records().heard(sender_id)
        danger = [one for one in said_now if one["metadata"].get("kind") == Kind.ESCALATION.value]
        return [*said_now, *unseen] if danger else [*unseen, *said_now]

    async def history(self, keeper: Keeper, conversation: str) -> list[Event]:
        """What was said in a conversation, oldest first and at most MOST_SHOWN messages, also what could not be written
        yet.

        Raises ConversationUnreadable, or asyncio.TimeoutError when the store hangs.
        """

        async def read() -> list[Event]:
            await self._log.write(keeper, conversation)
            return await self._log.read(keeper, conversation, MOST_SHOWN)

        return await asyncio.wait_for(turn_loop().run(read()), self._seconds)

    def all_seen(self, conversation: str) -> None:
        """The person was shown the whole conversation: a late answer need not come with the next reply."""
        self._unseen.pop(conversation, None)

    def forget(self, conversation: str) -> None:
        """Drop all that is kept here of a conversation, and end a turn of it that is late."""
        running, _ = self._late.pop(conversation, (None, None))
        if running is not None and running.turn.give_up():
            running.work.cancel()
        self._known.pop(conversation, None)
        self._unseen.pop(conversation, None)
        self._log.forget(conversation)

    # One turn

    async def _turn(self, running: RunningTurn, handler: Handler, keeper: Keeper | None) -> None:
        """Screen the message, then let the bot answer it. Runs on the turn loop."""
        try:
            self._screen(running)
        except Exception:
            logger.exception("The safety screen failed on a message.")
        if keeper is None:
            with watched_by(running.turn):
                await handler(running.message)
            return
        ask_our_way(keeper)
        sender = running.message.sender_id
        async with alone_with(keeper.lock_store, sender):
            if await self._was_answered(running, keeper):
                return
            await self._log.write(keeper, sender)
            if await self._is_for_staff(running, keeper):
                return
            with watched_by(running.turn):
                await handler(running.message)
            if running.turn.failed and await self._was_answered(running, keeper):
                running.turn.failed = False  # another process was first; its answer is the one that counts

    async def _was_answered(self, running: RunningTurn, keeper: Keeper) -> bool:
        """Whether the message was answered before, here or by another process: then that is what is said."""
        message = running.message
        said_to = await self._log.said_to(keeper, message.sender_id, (message.metadata or {}).get(MESSAGE_ID))
        if said_to is None:
            return False
        message.output_channel.messages[:] = said_to
        running.kept_quiet = not said_to  # staff had the conversation, and the bot said nothing
        return True

    async def _is_for_staff(self, running: RunningTurn, keeper: Keeper) -> bool:
        """Write the message down for the person of the staff who answers, if one does and it is no danger."""
        message, verdict = running.message, running.verdict
        holder = await self._held.by(message.sender_id)
        running.holder = holder
        if holder is None:
            return False
        if not running.screened or (verdict is not None and interrupts(verdict)):
            return False
        notice = None
        if await self._held.tell_once(message.sender_id):
            notice = as_message(person_has_it(content(), holder, running.region), message.sender_id)
        help_told = same_words(running.text) in HELP_ANSWERS

        def answers_bot(slots: Mapping[str, Any]) -> bool:
            answered = slots.get("danger_check") or (help_told and slots.get("emergency"))
            return bool(answered or interrupts(screened(safety_screen(), running.text, slots, running.asked_at)))

        if not await write_quietly(keeper, message, running.asked_at, answers_bot, notice):
            return False
        if notice is not None:
            message.output_channel.messages.append(notice)
        running.kept_quiet = True
        return True

    async def holder(self, conversation: str) -> str | None:
        """Who of the staff answers in a conversation; None when the bot does."""
        return await turn_loop().run(self._held.by(conversation))

    async def _said(self, running: RunningTurn, keeper: Keeper | None) -> list[Message]:
        ended = await has_ended(running.work, self._seconds)
        if not ended and running.turn.kept:
            await has_ended(running.work, SAVING_SECONDS)
        while not running.came_through:
            answer = await self._own_answer(running)
            if not self._take_place(running, answer):
                if await has_ended(running.work, SAVING_SECONDS):
                    continue  # it was being written at the last moment, and its own replies count
                logger.error("A conversation takes too long to be written; the guard answered beside the turn.")
            return self._answered(running, answer, keeper)
        self._remember(running)
        messages = list(running.message.output_channel.messages)
        missing = self._missing(running, messages)
        if missing is None:
            return messages
        logger.error("A turn did not say the escalation that the screen found; the guard said it.")
        return [*self._answered(running, missing, keeper, beside=True), *messages]

    def _take_place(self, running: RunningTurn, answer: Answer) -> bool:
        """Make sure that the turn's own replies do not count, or, after an apology, do not come as an answer to a
        later message."""
        turn = running.turn
        if running.came_through:
            return False
        if running.work.done():
            turn.give_up()
            return True
        if answer.danger:
            return turn.give_up()
        messages = [as_message(reply, running.message.sender_id) for reply in answer.replies]
        return turn.speak_before(said(message, time.time()) for message in messages)

    async def _own_answer(self, running: RunningTurn) -> Answer:
        """What to say in the place of a turn that failed."""
        if not running.screened or running.screened_with != (self._slots(running).get(TOLD) or ()):
            try:
                look = asyncio.get_running_loop().run_in_executor(self._screening, self._screen, running)
                await asyncio.wait_for(look, SCREEN_SECONDS)
            except Exception:
                logger.exception("The safety screen did not answer on a message.")
        if spoken := as_escalated(list(running.message.output_channel.messages), running.text):
            return spoken
        slots = self._slots(running)
        try:
            return answer_for(running.text, running.verdict, slots)
        except Exception:
            logger.exception("The guard could not work out its answer.")
            return Answer((trouble(None),))

    def _answered(
        self, running: RunningTurn, answer: Answer, keeper: Keeper | None, *, beside: bool = False
    ) -> list[Message]:
        """The guard's replies as messages, to be written and recorded once the person has them.

        `beside`: the turn counts, and only what it did not say is added.
        """
        sender = running.message.sender_id
        messages = [as_message(reply, sender) for reply in answer.replies]
        if not messages:
            messages = list(running.message.output_channel.messages)
        if answer.action == "action_escalate" and answer.verdict is not None:
            told_then = "\n\n".join(one["text"] for one in messages)
            records().escalation(
                sender,
                answer.words,
                answer.verdict,
                running.message.message_id,
                told=told_then,
                channel=running.message.input_channel,
            )
        self._learn(sender, answer.changes(self._slots(running), None))
        if not beside:
            logger.error("The turn of a message did not end in a full reply; the guard answered.")
        if not beside and not running.work.done() and not answer.danger:
            self._late[sender] = (running, answer)
            self._later(self._follow(running, answer, keeper))
            return messages
        if not running.work.done():
            running.work.cancel()
        events = partial(exchange, running, answer, messages, time.time(), beside)
        self._log.add(sender, events)
        if keeper is not None:
            self._later(self._write(keeper, sender))
        return messages

    # Late turns

    async def _follow(self, running: RunningTurn, answer: Answer, keeper: Keeper | None) -> None:
        """Wait for a turn that the person no longer waits for."""
        sender = running.message.sender_id
        await has_ended(running.work, LATE_SECONDS)
        if self._late.get(sender, (None,))[0] is not running:
            return
        if running.came_through:
            del self._late[sender]
            self._remember(running)
            self._unseen[sender] = list(running.message.output_channel.messages)
            while len(self._unseen) > MOST_KNOWN:
                self._unseen.popitem(last=False)
            return
        self._end_late_turn(sender)
        if keeper is not None:
            await self._write(keeper, sender)

    def _end_late_turn(self, sender: str) -> None:
        """The person writes again, or waited too long: what was said counts, and the turn behind it is over."""
        running, answer = self._late.pop(sender, (None, None))
        if running is None or answer is None:
            return
        if running.turn.give_up():
            running.work.cancel()
            messages = [as_message(reply, sender) for reply in answer.replies]
            self._log.add(sender, partial(exchange, running, answer, messages, time.time(), False))

    async def _write(self, keeper: Keeper, sender: str) -> None:
        try:
            await turn_loop().run(self._log.write(keeper, sender))
        except Exception:
            logger.exception("What the guard said cannot be written into the conversation yet.")

    def _later(self, work: Any) -> None:
        """Do something once the person has been answered."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # What is known

    def _slots(self, running: RunningTurn) -> dict[str, Any]:
        """What is known of the conversation: as the turn read it, and as the guard remembers it where that is newer."""
        sender, read = running.message.sender_id, running.turn.slots
        known = self._known.get(sender, {})
        slots = {**(read or {}), **known} if read is None or self._log.waits(sender) else dict(read)
        return {**slots, "region": slots.get("region") or running.region}

    def _remember(self, running: RunningTurn) -> None:
        self._learn(running.message.sender_id, running.turn.slots_after or {})

    def _learn(self, sender: str, slots: Mapping[str, Any]) -> None:
        new = {name: slots[name] for name in KNOWN_SLOTS if name in slots}
        if not new:
            return
        known = self._known.setdefault(sender, {})
        known.update(new)
        self._known.move_to_end(sender)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    # The screen

    def _screen(self, running: RunningTurn) -> None:
        """Screen the message together with what is known to have been told before."""
        slots = self._slots(running)
        running.verdict = screened(safety_screen(), running.text, slots, running.asked_at)
        running.screened, running.screened_with = True, slots.get(TOLD) or ()

    def _missing(self, running: RunningTurn, messages: list[Message]) -> Answer | None:
        """The escalation or check question that a turn did not say although its message is a danger."""
        verdict = running.verdict
        if verdict is None or not interrupts(verdict):
            return None
        if any(message["metadata"].get("kind") == Kind.ESCALATION.value for message in messages):
            return None
        if not verdict["sure"] and any(message["metadata"].get("category") for message in messages):
            return None
        slots = self._slots(running)
        asked = (slots.get("interview") or {}).get("question")
        in_check_in = any(message["metadata"].get("kind") == Kind.QUESTION.value for message in messages)
        if in_check_in and asked and not _swallowed(running.text, verdict, asked):
            return None
        region = region_for_message(running.text, slots)
        if verdict["sure"]:
            return escalated(verdict, running.text, slots, region)
        check = danger_check_reply(content(), verdict_from_dict(verdict), region)
        return Answer((check,), verdict, running.text, "action_check_danger")


def _swallowed(text: str, verdict: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a check-in took a sure emergency for an answer. The words of its own buttons are an answer."""
    shown = {same_words(button["title"]) for button in asked.get("buttons", ())}
    return verdict["level"] == "emergency" and bool(verdict["sure"]) and same_words(text) not in shown
