"""The desk where content is edited: rules, files and what is kept, brought together. The caller commits.

Raises Refused where a rule says no, and ContentError while the content files themselves cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from bot.staff.editing import rules, store
from bot.staff.editing.checks import checked
from bot.staff.editing.files import ContentFiles
from bot.staff.editing.form import with_review
from bot.staff.editing.history import Content, Event, History, Version, one_year_after
from bot.staff.editing.items import Item, fingerprint, reviewed_with
from bot.staff.editing.published import edits_over
from bot.staff.editing.rules import Now, Person, Refused
from bot.staff.editing.standing import Standing, counting, standing
from bot.staff.editing.whole_files import file_mistakes
from bot.staff.roles import Permission
from knowledge.build import SHOWN
from knowledge.overlay import LeftOut, laid_over
from knowledge.topic_files import Library


@dataclass(frozen=True)
class Seen:
    """Everything about one item at one moment."""

    item: Item
    history: History
    now: Now
    in_file: Content | None
    standing: Standing
    planned: Version | None

    @property
    def title(self) -> str:
        """What people call it."""
        edit = self.history.edit
        content = self.now.content or (edit.content if edit else {})
        return str(content.get("title") or self.item.name)


@dataclass(frozen=True)
class Review:
    """What a reviewer decides beside yes: when it is published, when it is looked at again, and whether a clinician
    signs it off. `by` is how the reviewer is named to patients."""

    by: str
    today: date
    due: date
    signed_off: bool = False
    publish_at: float | None = None
    note: str = ""


class ContentDesk:
    """What staff do with content."""

    def __init__(self, files: ContentFiles) -> None:
        self.files = files

    def see(self, connection: Connection, item: Item, at: float) -> Seen:
        """One item as it is at `at`."""
        return self._seen(item, store.history(connection, item), at)

    def see_all(self, connection: Connection, at: float) -> dict[Item, Seen]:
        """Every item with a history."""
        return {item: self._seen(item, history, at) for item, history in store.histories(connection).items()}

    def library(self, connection: Connection, at: float) -> tuple[Library, tuple[LeftOut, ...]]:
        """Topics and sources with the published edits over them, whatever their status; and the edits left out."""
        library = self.files.library()
        return laid_over(library, edits_over(library, store.histories(connection), at))

    def mistakes(self, connection: Connection, item: Item, content: Content, at: float) -> list[str]:
        """What keeps `content` from being published."""
        if not item.is_topic:
            return file_mistakes(self.files.folder, item.name, str(content.get("text", "")))
        library, _ = self.library(connection, at)
        return [str(mistake) for mistake in checked(item.name, content, library).mistakes]

    def begin(self, connection: Connection, item: Item, who: Person, at: float, first: Content | None = None) -> None:
        """Begin an edit."""
        self._do(connection, item, at, lambda seen: rules.begin(seen.history, who, seen.now, first))

    def save(
        self, connection: Connection, item: Item, who: Person, at: float, content: Content, revision: int,
        *, new_base: bool = False,
    ) -> None:  # fmt: skip
        """Keep what was written, unless it is what is kept already."""
        seen = self.see(connection, item, at)
        edit = seen.history.edit
        if edit is not None and edit.content == content and edit.revision == revision and not new_base:
            return
        event = rules.save(seen.history, who, seen.now, content, revision, new_base=new_base)
        store.append(connection, item, [event])

    def submit(self, connection: Connection, item: Item, who: Person, at: float, note: str) -> None:
        """Hand an edit in for review."""
        mistakes = self._mistakes_of_edit(connection, item, at)
        self._do(connection, item, at, lambda seen: rules.submit(seen.history, who, seen.now, mistakes, note))

    def send_back(self, connection: Connection, item: Item, who: Person, at: float, note: str) -> None:
        """Give an edit back to its author."""
        self._do(connection, item, at, lambda seen: rules.send_back(seen.history, who, seen.now, item, note))

    def withdraw(self, connection: Connection, item: Item, who: Person, at: float) -> None:
        """Give an edit up."""
        self._do(connection, item, at, lambda seen: rules.withdraw(seen.history, who, seen.now))

    def approve(
        self, connection: Connection, item: Item, who: Person, at: float, revision: int, review: Review
    ) -> None:
        """Publish what somebody else wrote. What is published carries who reviewed it, and until when that holds."""
        if review.due <= review.today:
            raise Refused("The next review must come after today.")
        if review.signed_off and Permission.REVIEW_CLINICAL not in who.permissions:
            raise Refused("Only a clinical reviewer signs content off.")
        mistakes = self._mistakes_of_edit(connection, item, at)

        def decide(seen: Seen) -> Event:
            edit = seen.history.edit
            content = edit.content if edit else {}
            if item.is_topic and not mistakes:
                content = with_review(content, review.by, review.today, review.due, signed_off=review.signed_off)
            return rules.approve(
                seen.history, who, seen.now, item, content, mistakes, revision, review.publish_at, review.note
            )

        self._do(connection, item, at, decide)

    def cancel(self, connection: Connection, item: Item, who: Person, at: float) -> None:
        """Call off what is planned."""
        self._do(connection, item, at, lambda seen: rules.cancel(seen.history, who, seen.now, item))

    def restore(self, connection: Connection, item: Item, who: Person, at: float, number: int) -> None:
        """Bring an earlier version back at once."""
        version = store.history(connection, item).version(number)
        mistakes = self.mistakes(connection, item, version.content, at) if version else []
        self._do(connection, item, at, lambda seen: rules.restore(seen.history, who, seen.now, item, number, mistakes))

    def keep_over_file(self, connection: Connection, item: Item, who: Person, at: float) -> None:
        """Decide a clash for what was published here."""
        self._do(
            connection, item, at, lambda seen: rules.keep_over_file(seen.history, who, seen.now, item, seen.in_file)
        )

    def take_from_file(self, connection: Connection, item: Item, who: Person, at: float) -> None:
        """Decide a clash for the file."""

        def decide(seen: Seen) -> Event:
            if seen.in_file is None:
                raise Refused("There is no file any more. Publish a version that is retired instead.")
            return rules.take_from_file(seen.history, who, seen.now, item, seen.in_file)

        self._do(connection, item, at, decide)

    def may_review(self, seen: Seen, who: Person) -> bool:
        """Whether somebody may approve the open edit."""
        edit = seen.history.edit
        return edit is not None and rules.may_review(who, seen.item, edit, seen.now)

    def needed_for_review(self, seen: Seen) -> Permission:
        """What publishing the open edit needs."""
        edit = seen.history.edit
        return reviewed_with(seen.item, seen.now.content, edit.content if edit else None)

    def overdue(self, connection: Connection, at: float) -> list[tuple[str, str, str]]:
        """Slug, title and day of every shown topic whose review is due, the longest overdue first."""
        today = datetime.fromtimestamp(at).date()
        topics = self.library(connection, at)[0].topics.values()
        due = [(topic.reviewed.due, topic) for topic in topics if topic.status in SHOWN and topic.reviewed.due <= today]
        return [(topic.slug, topic.title, day.isoformat()) for day, topic in sorted(due, key=lambda pair: pair[0])]

    def _seen(self, item: Item, history: History, at: float) -> Seen:
        in_file = self.files.content(item)
        file = fingerprint(item, in_file) if in_file is not None else None
        version = counting(history, file, at)
        content, base = (version.content, version.fingerprint) if version else (in_file, file)
        return Seen(
            item, history, Now(at, content, base, file), in_file, standing(history, file, at), history.planned(at)
        )

    def _mistakes_of_edit(self, connection: Connection, item: Item, at: float) -> Sequence[str]:
        edit = store.history(connection, item).edit
        return self.mistakes(connection, item, edit.content, at) if edit else []

    def _do(self, connection: Connection, item: Item, at: float, decide: Callable[[Seen], Event]) -> None:
        store.append(connection, item, [decide(self.see(connection, item, at))])


def next_year(today: date) -> date:
    """The usual day of the next review."""
    return one_year_after(today)
