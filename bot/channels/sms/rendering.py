"""Draw the replies of one turn as texts: danger first in one text, then as little as says it, and MORE for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.channels.sms.outbox import Outgoing
from bot.channels.sms.paging import ROOM_FOR_PLACE, numbered, pages
from bot.channels.sms.segments import fits, segment_count, transliterated
from bot.replies.answers import CHECK as CHECK_BUTTON
from bot.replies.content import Content
from bot.replies.reply import Kind
from bot.replies.where import filled, numbers_to_call
from knowledge.text_messages import TextMessages

if TYPE_CHECKING:  # the console draws previews, and has no Rasa
    from bot.channels.running_turn import Message

Links = Callable[[str], str]
"""Makes web addresses in a text short."""

SHORT_LABEL = 14
"""Characters of a choice up to which choices stand on one line."""

_PROGRESS = re.compile(r"^Question (\d+) of about (\d+)$")
_NUMBERED = re.compile(r"^\d+\. ")
_POINT = "- "
_ITEM = re.compile(r"^(- |\d+\. )")


@dataclass(frozen=True)
class Drawn:
    """The texts of a turn. `pages`: the rest, for MORE. `choices`: what a number now means, None when no number has a
    meaning; with pages they count once the last page is out. `question`: the texts that put a question again."""

    texts: tuple[Outgoing, ...]
    pages: tuple[str, ...] = ()
    choices: tuple[str, ...] | None = None
    question: tuple[str, ...] = ()
    choices_in: int | None = field(default=None)
    """Which of `texts` carries the choices."""
    check_in: bool = False
    """Whether the choices answer a question of the check-in."""


class Drawing:
    """Draws for one region."""

    def __init__(self, content: Content, words: TextMessages, region: str | None, links: Links) -> None:
        self._content = content
        self._words = words
        self._region = region
        self._links = links
        self._shorter = {
            " ".join(filled(content, content.fixed[name].text, region).split()): filled(content, text, region)
            for name, text in words.shorter.items()
        }

    def text(self, name: str) -> str:
        """A text of the medium."""
        return transliterated(filled(self._content, self._words.texts[name], self._region))

    def draw(self, messages: Sequence[Message]) -> Drawn:
        """The texts for the messages of one turn. Of a danger the shortest form is sent, but where its reply is short
        itself ("Good. Stay where you are safe") that."""
        first: list[Outgoing] = []
        more_advice: list[str] = []
        rest = list(messages)
        for message in messages:
            if message["metadata"].get("kind") == Kind.ESCALATION.value:
                rest.remove(message)
                plain = _POINT not in message["text"] and fits(transliterated(message["text"]))
                first += (
                    [Outgoing(transliterated(message["text"]), danger=True)] if plain else self._escalation(message)
                )
                more_advice += [] if plain else [message["text"]]
        if not rest:
            return Drawn(tuple(first), tuple(self._more_pages("\n".join(more_advice))) if more_advice else ())
        drawn = self._ordinary(rest)
        if not more_advice:
            return drawn
        place = None if drawn.choices_in is None else drawn.choices_in + len(first)
        waiting = tuple(self._more_pages("\n".join(more_advice)))
        return Drawn((*first, *drawn.texts), waiting, drawn.choices, drawn.question, place, drawn.check_in)

    def from_staff(self, sender: str | None, text: str) -> tuple[Outgoing, ...]:
        """The texts of what a member of staff wrote, under their name; whole, in as many texts as it takes."""
        body = transliterated(f"{sender}: {text}" if sender else text)
        return tuple(Outgoing(part) for part in ([body] if fits(body) else numbered(_cut(body))))

    def _escalation(self, message: Message) -> list[Outgoing]:
        """One text with what to do now. A notice in the person's own language follows it."""
        metadata = message["metadata"]
        level = metadata.get("level", "emergency")
        flag = self._content.red_flags.get(metadata.get("category", ""))
        said = flag.short_at(level) if flag else self._content.fixed[f"heading-{level}"].text
        text = transliterated(filled(self._content, said, self._region))
        for call in numbers_to_call(self._content, self._region, metadata.get("category"))[1:]:
            with_line = f"{text} {call['label']}: {call['number']}."
            if call["number"] not in text and fits(with_line, 1):
                text = with_line
        with_more = f"{text} {self._words.hints.more}"
        texts = [Outgoing(with_more if fits(with_more, 1) else text, danger=True)]
        opening = message["text"].split("\n\n")[0]
        notices = {language.notice for language in self._content.languages.values()}
        spoken = [notice for notice in notices if filled(self._content, notice, self._region) == opening]
        texts += [
            Outgoing(transliterated(filled(self._content, notice, self._region)), danger=True) for notice in spoken
        ]
        return texts

    def _ordinary(self, messages: Sequence[Message]) -> Drawn:
        asked = next((message for message in reversed(messages) if self._numbers(message)), None)
        asks = asked is not None and asked["metadata"].get("kind") in (Kind.QUESTION.value, Kind.CLARIFY.value)
        bodies = [self._body(message, alone=not asks) for message in messages]
        labels = tuple(button["title"] for button in asked["buttons"]) if asked else ()
        choices = self._choices(labels)
        if asks:
            texts = self._whole("\n".join(bodies), choices)
            question = self._whole(self._body(asked, alone=False), choices) if asked else []
            outgoing = tuple(Outgoing(text) for text in texts)
            check_in = asked is not None and asked["metadata"].get("kind") == Kind.QUESTION.value
            return Drawn(outgoing, (), labels, tuple(question), len(texts) - 1, check_in)
        ends = [hint for message in messages for hint in self._hints(message)]
        body = transliterated("\n".join(body for body in bodies if body))
        texts = self._paged(body, choices, list(dict.fromkeys(ends)))
        shown = bool(labels) and len(texts) == 1
        again = tuple(texts) if shown else ()
        return Drawn((Outgoing(texts[0]),), tuple(texts[1:]), labels or None, again, 0 if shown else None)

    @staticmethod
    def _numbers(message: Message) -> bool:
        """Whether the choices of a message are written with numbers. Below an answer or a result they are ways to go
        on, which short words do."""
        skipped = (Kind.ANSWER.value, Kind.RESULT.value)
        return bool(message.get("buttons")) and message["metadata"].get("kind") not in skipped

    def _body(self, message: Message, *, alone: bool) -> str:
        """The words of a message without what a phone has no room for, or what is written in another way."""
        metadata, text = message["metadata"], message["text"]
        shorter = self._shorter.get(" ".join(text.split()))
        if shorter is not None:
            return transliterated(shorter)
        topic = self._content.topics.get(metadata.get("topic", ""))
        if topic is not None and metadata.get("depth") == "short":
            return transliterated(filled(self._content, topic.short, self._region))
        labels = [button["title"] for button in message.get("buttons", ())]
        lines: list[str] = []
        asked = metadata.get("kind") == Kind.QUESTION.value
        for line in _lines(self._links(text)):
            progress = _PROGRESS.match(line)
            if progress:
                number, total = progress.groups()
                lines.append(self._words.progress.format(number=number, total=total))
            elif asked and lines and line.startswith(_POINT):
                lines[-1] += (
                    f" {line.removeprefix(_POINT)}."  # the signs of a question stand in a row: no room for lines
                )
            elif not (_ITEM.match(line) and _NUMBERED.sub("", line) in labels):
                lines.append(line)
        return transliterated("\n".join(lines))

    def _hints(self, message: Message) -> list[str]:
        metadata, hints = message["metadata"], self._words.hints
        if metadata.get("kind") == Kind.RESULT.value and message.get("buttons"):
            return [hints.summary]
        if metadata.get("kind") != Kind.ANSWER.value or metadata.get("depth") != "short":
            return []
        buttons = [button["title"] for button in message.get("buttons", ())]
        return [hints.more, *([hints.check] if CHECK_BUTTON in buttons else [])]

    @staticmethod
    def _choices(labels: Sequence[str]) -> str:
        """The choices with their numbers: short ones on one line, longer ones each on its own."""
        between = " " if all(len(label) <= SHORT_LABEL for label in labels) else "\n"
        return transliterated(between.join(f"{number} {label}" for number, label in enumerate(labels, start=1)))

    def _whole(self, body: str, choices: str) -> list[str]:
        """A question in as many texts as it takes: nobody should answer what they have only half read.

        Choices that are the same everywhere ("1 Yes 2 No") say that they are for all the texts: the last text alone
        would read as a question of its own. A list of choices is kept in one text where that costs no more.
        """
        whole = f"{body}\n{choices}"
        if fits(whole):
            return [whole]
        if "\n" not in choices:
            texts = _cut(body, f"{self._words.hints.together}\n{choices}")
            return [text.replace("{total}", str(len(texts))) for text in numbered(texts)]
        texts, apart = _cut(whole), [*_cut(body), choices]
        kept = fits(_placed(choices)) and _segments(apart) <= _segments(texts)
        return numbered(apart if kept else texts)

    def _paged(self, body: str, choices: str, hints: Sequence[str]) -> list[str]:
        """A reply of which the first text is sent and the others wait for MORE; the last one ends with the choices."""
        for count in range(len(hints), -1, -1):
            whole = "\n".join(part for part in (body, choices, " ".join(hints[:count])) if part)
            if fits(whole):
                return [whole]
        more = self._words.hints.more

        def between(text: str) -> str:
            return f"{ROOM_FOR_PLACE}{text} {more}"

        def last(text: str) -> str:
            return ROOM_FOR_PLACE + "\n".join(part for part in (text, choices, " ".join(hints)) if part)

        return numbered([page.removeprefix(ROOM_FOR_PLACE) for page in pages(body, last, between)])

    def _more_pages(self, text: str) -> list[str]:
        """All the advice of an escalation, for MORE."""
        body = transliterated("\n".join(_lines(text)))
        return self._paged(body, "", [])


def _lines(text: str) -> list[str]:
    """The paragraphs and list items of a text, each on one line however it was wrapped."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        begun = False
        for line in filter(None, map(str.strip, paragraph.splitlines())):
            if begun and not _ITEM.match(line) and not _ITEM.match(lines[-1]):
                lines[-1] += f" {line}"
            else:
                lines.append(line)
            begun = True
    return lines


def _placed(text: str) -> str:
    return ROOM_FOR_PLACE + text


def _cut(text: str, end: str = "") -> list[str]:
    """A text as several that fit with their places before them, the last with all of `end`."""

    def last(rest: str) -> str:
        return _placed("\n".join(part for part in (rest, end) if part))

    return [page.removeprefix(ROOM_FOR_PLACE) for page in pages(text, last, _placed)]


def _segments(texts: Sequence[str]) -> int:
    """What several texts cost with their places before them."""
    return sum(segment_count(_placed(text)) for text in texts)
