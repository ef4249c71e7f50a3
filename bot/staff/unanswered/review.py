"""The list of unanswered messages as staff work on it, and what becomes of a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sqlalchemy.engine import Connection

from bot.deidentify import DATE, EMAIL, LINK, NAME, NUMBER, PLACE, WORD
from bot.staff.editing.desk import ContentDesk
from bot.staff.editing.history import Content
from bot.staff.editing.items import topic_item
from bot.staff.editing.rules import Person, Refused
from bot.staff.roles import Permission
from bot.staff.unanswered.grouping import Group, Wording
from bot.staff.unanswered.marks import Decision, Mark, mark
from knowledge.topic_files import normalised_question

TAKEN_OUT = (NAME, PLACE, NUMBER, DATE, EMAIL, LINK, WORD)
"""What stands in a message for what was taken out of it. Such a wording is no question of a topic."""


class Stage(str, Enum):
    """Where a group belongs in the list."""

    OPEN = "open"
    ATTACHED = "attached"
    ANSWERED = "answered"
    OUT_OF_SCOPE = "out-of-scope"


@dataclass(frozen=True)
class Listed:
    """A group with how many of its messages the bot would answer now, and what was decided about it."""

    group: Group
    answered: int
    stage: Stage
    topics: tuple[str, ...]
    """Topics its wordings were attached to."""

    @property
    def usable(self) -> tuple[Wording, ...]:
        """Wordings that can become questions."""
        return tuple(wording for wording in self.group.wordings if can_be_asked(wording.text))


def listed(groups: Iterable[Group], answered: Mapping[str, bool], decided: Mapping[str, Mark]) -> list[Listed]:
    """Groups with their stage. `answered` says for the key of a wording whether the bot answers it now."""
    found = []
    for group in groups:
        own = [decided[wording.key] for wording in group.wordings if wording.key in decided]
        attached = tuple(
            dict.fromkeys(each.topic for each in own if each.decision is Decision.ATTACHED and each.topic is not None)
        )
        # an answer that did not help is no answer yet
        now = sum(wording.count - wording.unhelpful for wording in group.wordings if answered.get(wording.key))
        if all(
            wording.key in decided and decided[wording.key].decision is Decision.OUT_OF_SCOPE
            for wording in group.wordings
        ):
            stage = Stage.OUT_OF_SCOPE
        elif now == group.count:
            stage = Stage.ANSWERED
        elif attached:
            stage = Stage.ATTACHED
        else:
            stage = Stage.OPEN
        found.append(Listed(group, now, stage, attached))
    return found


def can_be_asked(text: str) -> bool:
    """Whether a wording can become a question: nothing was taken out of it."""
    return not any(part in text for part in TAKEN_OUT)


def attach(
    desk: ContentDesk, connection: Connection, wordings: Sequence[Wording], slug: str, who: Person, at: float
) -> int:
    """Put wordings among the questions of a topic's draft; how many were new. The draft then goes its usual way.

    Support may do this too: nothing of it is published without an editor handing it in and somebody else's review.
    Raises Refused.
    """
    item, writer = topic_item(slug), _proposing(who)
    if desk.see(connection, item, at).history.edit is None:
        desk.begin(connection, item, writer, at)
    edit = desk.see(connection, item, at).history.edit
    if edit is None:
        raise Refused("There is no draft to attach this to.")
    content, added = with_questions(edit.content, [wording.text for wording in wordings])
    if added:
        desk.save(connection, item, writer, at, content, edit.revision)
    mark(connection, [wording.key for wording in wordings], Decision.ATTACHED, who.id, at, slug)
    return added


def start_topic(
    desk: ContentDesk, connection: Connection, wordings: Sequence[Wording], first: Content, who: Person, at: float
) -> int:
    """Begin a new topic with wordings as its first questions; how many. Raises Refused."""
    slug = str(first["slug"])
    item = topic_item(slug)
    seen = desk.see(connection, item, at)
    if seen.now.content is not None or seen.history.edit is not None:
        raise Refused("There is a topic of this name already. Attach the messages to it, or choose another name.")
    content, added = with_questions(first, [wording.text for wording in wordings])
    desk.begin(connection, item, _proposing(who), at, content)
    mark(connection, [wording.key for wording in wordings], Decision.ATTACHED, who.id, at, slug)
    return added


def with_questions(content: Content, texts: Sequence[str]) -> tuple[Content, int]:
    """`content` with the texts among its questions that are not there yet and can be asked; how many were added."""
    questions = list(content.get("questions") or ())
    known = {normalised_question(question) for question in questions}
    before = len(questions)
    for text in texts:
        words = " ".join(text.split())
        key = normalised_question(words)
        if key and key not in known and can_be_asked(words):
            known.add(key)
            questions.append(words)
    return {**content, "questions": questions}, len(questions) - before


def _proposing(who: Person) -> Person:
    if Permission.UNANSWERED not in who.permissions:
        raise Refused("Your role does not include this.")
    return replace(who, permissions=who.permissions | {Permission.EDIT})
