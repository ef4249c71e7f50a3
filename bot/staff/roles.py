"""Who may do what: roles, permissions, and the one table between them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Role(str, Enum):
    """What a person does in the service. One person may have several."""

    SUPPORT = "support"
    EDITOR = "editor"
    CLINICAL_REVIEWER = "clinical-reviewer"
    ADMINISTRATOR = "administrator"

    @property
    def title(self) -> str:  # type: ignore[override]
        """As people read it."""
        return self.value.replace("-", " ").capitalize()


class Permission(str, Enum):
    """What a route needs."""

    ANYONE = "anyone"
    """Nobody has to be signed in."""
    SIGNED_IN = "signed-in"
    """Any account, whatever its roles, even without one: one's own account."""

    LOOK_UP = "look-up"
    TRY = "try"
    """Ask "what would the bot say"."""
    ESCALATIONS = "escalations"
    """See and work escalations, under pseudonyms."""
    FULL_TEXT = "full-text"
    """Open a number or the full text, with a reason that is logged."""
    TAKE_OVER = "take-over"
    UNANSWERED = "unanswered"
    EDIT = "edit"
    """Write and change drafts."""
    REVIEW = "review"
    """Approve and publish what somebody else wrote."""
    REVIEW_CLINICAL = "review-clinical"
    """The same for red flags, triage and numbers to call."""
    STATISTICS = "statistics"
    PEOPLE = "people"
    """Invite, change roles, close accounts."""
    AUDIT = "audit"
    """Read the log of what was done."""


_EVERYBODY = {Permission.LOOK_UP, Permission.TRY, Permission.STATISTICS}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SUPPORT: frozenset(
        {
            *_EVERYBODY,
            Permission.ESCALATIONS,
            Permission.FULL_TEXT,
            Permission.TAKE_OVER,
            Permission.UNANSWERED,
        }
    ),
    Role.EDITOR: frozenset({*_EVERYBODY, Permission.UNANSWERED, Permission.EDIT, Permission.REVIEW}),
    Role.CLINICAL_REVIEWER: frozenset(
        {
            *_EVERYBODY,
            Permission.ESCALATIONS,
            Permission.FULL_TEXT,
            Permission.UNANSWERED,
            Permission.EDIT,
            Permission.REVIEW,
            Permission.REVIEW_CLINICAL,
        }
    ),
    Role.ADMINISTRATOR: frozenset({*_EVERYBODY, Permission.PEOPLE, Permission.AUDIT}),
}

FIRST_ROLES = (Role.ADMINISTRATOR, Role.SUPPORT, Role.EDITOR)
"""What the first account may do. Clinical review is given on purpose, to whoever is able to."""


def permitted(roles: Iterable[Role]) -> frozenset[Permission]:
    """What an account with these roles may do."""
    granted: set[Permission] = {Permission.ANYONE, Permission.SIGNED_IN}
    for role in roles:
        granted |= PERMISSIONS[role]
    return frozenset(granted)
