"""Who works at the desk, as the desk knows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Staff:
    """Somebody of the staff: the number of their account, and how a person reads who writes to them."""

    account: int
    first_name: str
    role: str

    @property
    def sender(self) -> str:
        """Such as "Anna, support worker"."""
        return f"{self.first_name}, {self.role}"


class Clash(Exception):
    """Somebody else was quicker, or what was on the screen is not how it is any more. The words are for staff."""
