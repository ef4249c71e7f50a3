"""The console's menu."""

from __future__ import annotations

from dataclasses import dataclass

from bot.staff.accounts import Account
from bot.staff.roles import Permission


@dataclass(frozen=True)
class Entry:
    """A place in the menu, shown to those who may go there."""

    title: str
    path: str
    permission: Permission


ENTRIES = [
    Entry("Look up", "/look-up", Permission.LOOK_UP),
    Entry("Try the bot", "/try", Permission.TRY),
    Entry("Escalations", "/escalations", Permission.ESCALATIONS),
    Entry("Conversations", "/talks", Permission.TAKE_OVER),
    Entry("How it goes", "/figures", Permission.STATISTICS),
    Entry("Unanswered", "/unanswered", Permission.UNANSWERED),
    Entry("Improve", "/improve", Permission.EDIT),
    Entry("People", "/people", Permission.PEOPLE),
    Entry("Log", "/log", Permission.AUDIT),
]


@dataclass(frozen=True)
class Link:
    """An entry as it is drawn."""

    title: str
    path: str
    here: bool


def links_for(account: Account, path: str) -> list[Link]:
    """The menu of an account on the page at `path`."""
    return [
        Link(entry.title, entry.path, path == entry.path or path.startswith(f"{entry.path}/"))
        for entry in ENTRIES
        if account.may(entry.permission)
    ]
