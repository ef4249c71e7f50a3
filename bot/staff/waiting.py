"""What waits for staff, shown on every page: escalations nobody acknowledged, and people who want a person."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk import escalations, handovers
from bot.desk.erased import unseen_traces
from bot.staff.accounts import Account
from bot.staff.roles import Permission

if TYPE_CHECKING:
    from bot.staff.console import Console

logger = logging.getLogger(__name__)

DESK = "desk"
"""The live topic of everything that staff work with."""


@dataclass(frozen=True)
class Waiting:
    """How much waits. `newest` is the highest escalation, so that a script knows a new one."""

    escalations: int = 0
    erased: int = 0
    people: int = 0
    newest: int = 0
    newest_request: int = 0
    away: bool = False
    """The records cannot be read, so nobody can say."""


def waiting_for(console: Console, account: Account | None) -> Waiting | None:
    """What waits for this account; None for somebody whose work that is not."""
    if account is None or not account.may(Permission.ESCALATIONS):
        return None
    try:
        with console.desk.reading() as records:
            counts = escalations.counts(records)
            asked = [row["id"] for row in handovers.open_ones(records) if row["state"] == handovers.ASKED]
            erased = len(unseen_traces(records))
    except Exception:
        logger.exception("What waits for staff cannot be read.")
        return Waiting(away=True)
    people = len(asked) if account.may(Permission.TAKE_OVER) else 0
    return Waiting(counts.unacknowledged, erased, people, counts.newest, max(asked, default=0) if people else 0)


def watch(console: Console) -> None:
    """Let open pages hear when anything of it changes, in this process or another."""

    def version() -> object:
        with console.desk.reading() as records:
            return handovers.state_of_all(records), escalations.state_of_all(records)

    console.live.topic(DESK, Permission.ESCALATIONS, version)
