"""People who want a person, and who of the staff answers each of them: one at a time.

A handover is open from the moment a person asks, or staff step in, until it is handed back. All functions work inside
the caller's transaction.
"""

from __future__ import annotations

from sqlalchemy import case, func, select
from sqlalchemy.engine import Connection

from bot.databases import Row, insert_once, now_text
from bot.desk.staff import Clash, Staff
from bot.desk.tables import handovers, staff_messages

ASKED, TAKEN, DONE = "asked", "taken", "done"


def ask(connection: Connection, conversation: str, channel: str, at: str) -> None:
    """A person asks for a person. Nothing changes while their conversation is open already."""
    insert_once(connection, handovers, _begin(conversation, channel, at, state=ASKED, asked_at=at))


def heard(connection: Connection, conversation: str, at: str) -> None:
    """A person wrote while their conversation is open."""
    mine = handovers.update().where(handovers.c.open_key == conversation)
    connection.execute(mine.values(heard_at=at, heard=handovers.c.heard + 1))


def step_in(connection: Connection, conversation: str, channel: str, staff: Staff) -> int:
    """Begin to answer a person who did not ask for it; the handover's id.

    Raises Clash when somebody else answers already.
    """
    at = now_text()
    insert_once(connection, handovers, _begin(conversation, channel, at, state=ASKED, asked_at=None))
    found = open_of(connection, conversation)
    if found is None:
        raise Clash("The conversation was handed back just now. Look at it again.")
    take(connection, found["id"], found["version"], staff)
    return int(found["id"])


def take(connection: Connection, handover: int, version: int, staff: Staff, *, from_colleague: bool = False) -> None:
    """Begin to answer somebody. `version` is that of the handover as it stood on the screen.

    Raises Clash when somebody else answers, unless it is taken on `from_colleague`, or when anything changed since.
    """
    row = _open(connection, handover)
    if row["holder"] == staff.account:
        return
    if row["holder"] is not None and not from_colleague:
        raise Clash(f"{row['holder_name']} answers this person. Talk to them, or take over from them.")
    values = {
        "state": TAKEN,
        "holder": staff.account,
        "holder_name": staff.sender,
        "taken_at": row["taken_at"] or now_text(),
        "told_quiet": 0,
    }
    _change(connection, handover, version, values)


def hand_back(connection: Connection, handover: int, staff: Staff) -> None:
    """Let the bot answer again. Raises Clash when somebody else answers this person."""
    row = held(connection, handover, staff)
    _change(connection, handover, row["version"], {"state": DONE, "open_key": None, "done_at": now_text()})


def close_request(connection: Connection, handover: int, version: int) -> None:
    """Put a request away that nobody has taken, such as one that was dealt with on the phone. Raises Clash."""
    row = _open(connection, handover)
    if row["holder"] is not None:
        raise Clash(f"{row['holder_name']} answers this person.")
    _change(connection, handover, version, {"state": DONE, "open_key": None, "done_at": now_text()})


def held(connection: Connection, handover: int, staff: Staff) -> Row:
    """The handover, if this member of staff holds it. Raises Clash when not."""
    row = _open(connection, handover)
    if row["holder"] is None:
        raise Clash("Nobody answers this person yet. Take over first.")
    if row["holder"] != staff.account:
        raise Clash(f"{row['holder_name']} answers this person now. Your message was not sent.")
    return row


def answered(connection: Connection, handover: int) -> None:
    """Note the first answer of staff."""
    mine = (handovers.c.id == handover) & handovers.c.answered_at.is_(None)
    connection.execute(handovers.update().where(mine).values(answered_at=now_text()))


def told_quiet(connection: Connection, conversation: str) -> bool:
    """Note that the person was told who has their message; whether that is new."""
    mine = (handovers.c.open_key == conversation) & (handovers.c.told_quiet == 0)
    return bool(connection.execute(handovers.update().where(mine).values(told_quiet=1)).rowcount == 1)


def open_of(connection: Connection, conversation: str) -> Row | None:
    """The open handover of a conversation."""
    row = connection.execute(select(handovers).where(handovers.c.open_key == conversation)).mappings().first()
    return dict(row) if row else None


def holder_of(connection: Connection, conversation: str) -> str | None:
    """Who answers in a conversation, as the person reads it; None when the bot does."""
    query = select(handovers.c.holder_name).where(handovers.c.open_key == conversation, handovers.c.state == TAKEN)
    holder = connection.execute(query).scalar()
    return str(holder) if holder is not None else None


def all_held(connection: Connection) -> dict[str, str]:
    """Every conversation that staff answer, with who does."""
    query = select(handovers.c.open_key, handovers.c.holder_name).where(handovers.c.state == TAKEN)
    return {row.open_key: row.holder_name for row in connection.execute(query) if row.open_key}


def one(connection: Connection, handover: int) -> Row | None:
    """A handover by its id."""
    row = connection.execute(select(handovers).where(handovers.c.id == handover)).mappings().first()
    return dict(row) if row else None


def open_ones(connection: Connection) -> list[Row]:
    """Every open handover: those that wait first, longest waiting first."""
    first = case((handovers.c.state == ASKED, 0), else_=1)
    query = select(handovers).where(handovers.c.open_key.is_not(None)).order_by(first, handovers.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _begin(conversation: str, channel: str, at: str, *, state: str, asked_at: str | None) -> Row:
    return {
        "conversation": conversation,
        "open_key": conversation,
        "at": at,
        "channel": channel,
        "state": state,
        "asked_at": asked_at,
        "heard_at": None,
        "heard": 0,
        "told_quiet": 0,
        "version": 0,
        "deliver_until": 0.0,
    }


def _open(connection: Connection, handover: int) -> Row:
    row = one(connection, handover)
    if row is None or row["open_key"] is None:
        raise Clash("This conversation was handed back to the bot already, or it was erased.")
    return row


def _change(connection: Connection, handover: int, version: int, values: Row) -> None:
    mine = (handovers.c.id == handover) & (handovers.c.version == version)
    changed = connection.execute(handovers.update().where(mine).values(**values, version=version + 1))
    if changed.rowcount != 1:
        raise Clash("A colleague changed this just now. Look at it again.")


def state_of_all(connection: Connection) -> tuple[int, ...]:
    """Numbers that differ whenever any handover, or anything said in one, changed."""
    query = select(func.count(), func.sum(handovers.c.version), func.sum(handovers.c.heard), func.max(handovers.c.id))
    said = select(func.count(), func.max(staff_messages.c.id), func.sum(staff_messages.c.tries)).select_from(
        staff_messages
    )
    waits = select(func.count()).select_from(staff_messages).where(staff_messages.c.state == "waiting")
    rows = (connection.execute(each).one() for each in (query, said, waits))
    return tuple(int(value or 0) for row in rows for value in row)
