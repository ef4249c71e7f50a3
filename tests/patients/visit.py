"""One check-in through the real bot, watched: every reply must keep what the bot promises about its replies."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message
from bot.replies.reply import CONTRACT_KEYS, Kind
from bot.triage.table_models import TriageTable
from tests.patients.speaker import Screen, read_screen, table

KINDS = {kind.value for kind in Kind}
LEVELS = {"emergency", "urgent", "soon", "self-care"}
PROGRESS = re.compile(r"^Question (\d+) of about (\d+)$")

SEEN_TEXTS: set[str] = set()
"""Every text and button read in this run, for the test that looks for words of diagnosis."""

NAMES_DISEASE_OPENERS = ("you have", "you do not have", "you don't have", "they have", "they do not have")


def says_diagnosis(text: str, openers: Sequence[str] = NAMES_DISEASE_OPENERS) -> str | None:
    """The words that tell a person they have, or do not have, a disease; None when there are none.

    A question ("Do you have ...") tells nothing.
    """
    conditions = "|".join(re.escape(name) for name in table().diagnosis_words.conditions)
    starts = "|".join(re.escape(opener) for opener in openers)
    plain = " ".join(text.split())
    found = re.search(
        rf"(?<!do )(?<!if )\b({starts}) (a |an |the |had a |had an )?(new |possible )?({conditions})\b", plain, re.I
    )
    return found.group(0) if found else None


def contract_problems(message: Message) -> Iterator[str]:
    """How a reply breaks the contract of replies."""
    text, metadata = message["text"], message["metadata"]
    titles = [button["title"] for button in message.get("buttons", ())]
    if not text.strip():
        yield "a reply without a text"
    if any(brace in part for part in (text, *titles) for brace in "{}"):
        yield f"braces in '{text[:80]}'"
    if any(not title.strip() for title in titles):
        yield f"an empty button below '{text[:80]}'"
    if metadata.get("kind") not in KINDS:
        yield f"no kind: '{text[:80]}'"
    if unknown := set(metadata) - {"kind", *CONTRACT_KEYS}:
        yield f"unknown metadata {sorted(unknown)}"
    if metadata.get("kind") in ("result", "escalation") and metadata.get("level") not in LEVELS:
        yield f"no level: '{text[:80]}'"
    if metadata.get("kind") == "question":
        if not metadata.get("question"):
            yield f"a question without its id: '{text[:80]}'"
        if len(metadata.get("options", ())) != len(titles):
            yield f"{len(titles)} buttons for {len(metadata.get('options', ()))} options: '{text[:80]}'"
        if (progress := metadata.get("progress")) and not PROGRESS.match(progress):
            yield f"progress '{progress}'"


@dataclass
class Visit:
    """A conversation of one person with the bot, and what went wrong in it.

    `said`: every text of the person with its replies. `screen`: the question on the screen, None when there is none.
    `ends`: results and escalations so far. `kinds`, `asked`: the kinds of prompts and the questions of the table that
    were put.
    """

    companion: Companion
    conversation: str = field(default_factory=lambda: uuid.uuid4().hex)
    screen: Screen | None = None
    ends: list[Message] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    said: list[tuple[str, list[Message]]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    number: int = 0
    share: float = 0.0
    turns: int = 0

    async def say(self, text: str) -> list[Message]:
        """Say something; the replies, checked."""
        replies = await self.companion.say(self.conversation, text)
        self.turns += 1
        self.transcript.append(f">>> {text}")
        self.said.append((text, replies))
        self.screen = None
        for reply in replies:
            self._watch(text, reply)
        return replies

    def _watch(self, said: str, reply: Message) -> None:
        metadata = reply["metadata"]
        self.transcript.append(f"    [{metadata.get('kind')}] {' / '.join(reply['text'].splitlines())[:300]}")
        SEEN_TEXTS.update((reply["text"], *(button["title"] for button in reply.get("buttons", ()))))
        self.problems.extend(f"'{said}': {problem}" for problem in contract_problems(reply))
        if metadata.get("kind") == "question":
            self.screen = read_screen(reply)
            self.kinds.add(self.screen.kind)
            self.asked.update(self.screen.questions)
            self._watch_progress(said, self.screen)
        if metadata.get("kind") in ("result", "escalation"):
            self.ends.append(reply)

    def _watch_progress(self, said: str, screen: Screen) -> None:
        found = PROGRESS.match(screen.progress)
        if not found:
            if screen.kind not in ("change-which", "confirm-back") and self.last_level != "emergency":
                self.problems.append(f"'{said}': no progress at {screen.question}")
            return
        number, total = int(found.group(1)), int(found.group(2))
        if number < self.number or number / total < self.share - 1e-9 or number > total:
            self.problems.append(f"'{said}': the counter runs backward to '{screen.progress}'")
        if screen.progress not in screen.text:
            self.problems.append(f"'{said}': '{screen.progress}' is not on the screen")
        self.number, self.share = number, number / total

    @property
    def last_level(self) -> str | None:
        """The level of the last result or escalation."""
        return self.ends[-1]["metadata"].get("level") if self.ends else None

    @property
    def last_steps(self) -> tuple[str, ...]:
        """The steps of the last result or escalation."""
        return tuple(self.ends[-1]["metadata"].get("steps", ())) if self.ends else ()

    def report(self) -> str:
        """The conversation, for a failed test."""
        return "\n".join([*self.problems, *self.transcript])


@dataclass
class Settled:
    """What the person has already said, to notice when it is asked again."""

    of: TriageTable = field(default_factory=table)
    answered: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    left: dict[str, set[str]] = field(default_factory=dict)

    def again(self, screen: Screen) -> str | None:
        """What a question asks although it was said, if anything."""
        if screen.kind in ("group", "sign"):
            known = {cover for cover in screen.covers if cover in self.signs}
            return f"{sorted(known)} asked again" if known else None
        if screen.kind not in ("question", "list", "jump"):
            return None
        for question in screen.questions:
            options = {cover.split("/")[1] for cover in screen.covers if cover.split("/")[0] == question}
            known_options = {option for option in options if not self.of.by_id[question].by_id[option].unknown}
            if question in self.answered:
                return f"{question} asked again"
            if question in self.left and not known_options <= self.left[question]:
                return f"{question} asked again as if nothing had been said"
        return None

    def note(self, screen: Screen, chosen: Sequence[str], said: str, items: dict[str, Any]) -> None:
        """Take down an answer that was understood."""
        if screen.kind in ("group", "sign"):
            if chosen in (("no",), ("yes",)) or screen.kind == "sign" or said == "skip":
                self.signs.update(screen.covers)
        elif screen.kind in ("question", "jump"):
            self.answered.add(screen.question)
            self.left.pop(screen.question, None)
        elif screen.kind == "list":
            if said == "skip":
                self.answered.update(screen.questions)
                return
            if "not-sure" in chosen:
                return
            for question in screen.questions:
                about = [item for item in items.values() if question in item.ticks]
                ticked = [item for item in about if item.id in chosen]
                meant = ticked if said[:1].isdigit() else about if ticked else []
                options = {option for item in meant for option in item.ticks[question]}
                if len(options) > 1:
                    self.left[question] = options
                else:
                    self.answered.add(question)

    def forget(self, question: str) -> None:
        """Open a question again: the person wants to change the answer."""
        self.answered.discard(question)
        self.left.pop(question, None)
