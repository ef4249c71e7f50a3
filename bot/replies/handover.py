"""What a person is told when they want a person, and when one comes and goes."""

from __future__ import annotations

from datetime import datetime, timezone

from bot.desk.opening_hours import OpeningHours
from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Kind, Reply
from bot.replies.where import filled


def person_asked_for(content: Content, region: str | None, now: datetime | None = None) -> Reply:
    """The answer to "I want a person": one comes, or when one is there, or how else to reach the service."""
    hours = content.staff_hours
    if hours is None:
        return fixed_reply(content, "ask_human", region)
    moment = now or datetime.now(timezone.utc)
    if hours.is_open(moment):
        return fixed_reply(content, "person-comes", region)
    opens = hours.opens_in_words(moment)
    return (
        _with(content, "person-later", region, opens=f"{opens} ({place_of(hours)} time)")
        if opens
        else (fixed_reply(content, "ask_human", region))
    )


def person_here(content: Content, who: str, region: str | None) -> Reply:
    """Somebody of the staff takes over. `who`: such as "Anna, support worker"."""
    return _with(content, "person-here", region, who=who)


def person_has_it(content: Content, who: str, region: str | None) -> Reply:
    """The first message to a person of the staff arrived."""
    return _with(content, "person-has-it", region, who=who)


def person_gone(content: Content, who: str, region: str | None) -> Reply:
    """The bot answers again."""
    return _with(content, "person-gone", region, who=who)


def place_of(hours: OpeningHours) -> str:
    """The place whose clock counts, such as "New York"."""
    return hours.zone.key.rpartition("/")[2].replace("_", " ")


def _with(content: Content, name: str, region: str | None, **values: str) -> Reply:
    text = content.fixed[name].text
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return Reply(Kind(content.fixed[name].kind), filled(content, text, region))
