"""Where unanswered messages come from: the records of the bot, without what could tell who wrote them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.databases import reading
from bot.desk.tables import helpful, unplaced
from bot.staff.unanswered.grouping import Unanswered, Wording, wordings

MOST_MESSAGES = 5000
"""Latest messages of each kind that are looked at."""


def unanswered_messages(records: Engine) -> list[Unanswered]:
    """Messages the bot could not place, and those whose answer was marked as not helpful; oldest first."""
    with reading(records) as connection:
        not_placed = connection.execute(
            select(unplaced.c.text, unplaced.c.at).order_by(unplaced.c.id.desc()).limit(MOST_MESSAGES)
        )
        found = [Unanswered(row.text, row.at) for row in not_placed][::-1]
        no_help = connection.execute(
            select(helpful.c.asked, helpful.c.at, helpful.c.about)
            .where(helpful.c.helpful == 0, helpful.c.asked.is_not(None))
            .order_by(helpful.c.at.desc())
            .limit(MOST_MESSAGES)
        )
        found += [Unanswered(row.asked, row.at, unhelpful=True, about=row.about) for row in no_help]
    return sorted(found, key=lambda message: message.at)


def recent_wordings(records: Engine) -> list[Wording]:
    """Their wordings, the latest first."""
    return sorted(wordings(unanswered_messages(records)), key=lambda wording: wording.last, reverse=True)
