"""People of a service, by what they may do, and the days on which they do it."""

from __future__ import annotations

from bot.staff.editing.rules import Person
from bot.staff.roles import Role, permitted

ANNA = Person(1, permitted([Role.EDITOR]))
BEN = Person(2, permitted([Role.EDITOR]))
CARE = Person(3, permitted([Role.CLINICAL_REVIEWER]))
SAM = Person(4, permitted([Role.SUPPORT]))
ADA = Person(5, permitted([Role.ADMINISTRATOR]))

HOUR = 3600.0
