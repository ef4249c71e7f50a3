"""The questions of the decision table as typed, frozen models, and what every part of the table is built on.

The section `how_it_works` of `knowledge/triage.yml` says what each field means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, PrivateAttr, validator

NONE_OPTION = "none"
"""The option of a choose-many question that counts only when it stands alone."""

LEVEL_ITEM = "level"
"""The name under which a gate or a step's `only_if` speaks of the level instead of a question."""

Slugs = tuple[str, ...]
Condition = Mapping[str, Slugs]
"""Question or kept fact -> the options that meet the condition."""


class Entry(BaseModel):
    """Base of all parts of the table: an unknown field is a mistake, and nothing changes after loading."""

    class Config:
        extra = Extra.forbid
        frozen = True
        allow_population_by_field_name = True


def not_empty(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """A validator: a list that must not be empty."""
    if not value:
        raise ValueError("must name at least one")
    return value


class Option(Entry):
    """One possible answer.

    `said` is the answer in the person's own words, for reasons: a clause after "You said", or after "We do not know
    yet" when the option is an unknown one. `said_helper` is the same about another person, where it cannot be
    derived.
    """

    id: str
    rank: int
    text: str
    said: str
    said_helper: str | None = None
    ask: str | None = None
    unknown: bool = False
    offered: bool = True
    group: str | None = None
    categories: Slugs = ()
    ask_who: Slugs | None = None
    ask_when: Condition = Field(default_factory=dict)
    not_when: Condition = Field(default_factory=dict)


class Group(Entry):
    """Signs of a choose-many question that are read out together."""

    id: str
    text: str


class Question(Entry):
    """One question of the check-in with everything that decides whether it is asked and what silence means."""

    id: str
    label: str
    kind: Literal["choose-one", "choose-many"]
    skip_allowed: bool
    unknown_counts_as: str
    unknown_level: str
    not_asked_as: str
    mild: str | None = None
    ask_who: Slugs | None = None
    ask_when: Condition = Field(default_factory=dict)
    ask_when_any: Condition = Field(default_factory=dict)
    ask_when_gate: str | None = None
    text: str
    help: str | None = None
    why: str
    groups: tuple[Group, ...] = ()
    options: tuple[Option, ...]

    _by_id: dict[str, Option] = PrivateAttr()
    _signs: tuple[Option, ...] = PrivateAttr()
    _by_group: dict[str, tuple[Option, ...]] = PrivateAttr()
    _some_options = validator("options", allow_reuse=True)(not_empty)

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._by_id = {option.id: option for option in self.options}
        self._signs = tuple(option for option in self.options if option.id != NONE_OPTION and not option.unknown)
        self._by_group = {
            group.id: tuple(option for option in self.options if option.group == group.id) for group in self.groups
        }

    @property
    def by_id(self) -> Mapping[str, Option]:
        """Option id -> option, in file order."""
        return self._by_id

    @property
    def choose_many(self) -> bool:
        """Whether several options may be chosen."""
        return self.kind == "choose-many"

    @property
    def signs(self) -> tuple[Option, ...]:
        """The options of a choose-many question that name something real, the unnamed sign included."""
        return self._signs

    def group_signs(self, group: str) -> tuple[Option, ...]:
        """The signs that one group covers, in file order."""
        return self._by_group.get(group, ())


class FactOption(Entry):
    """One state of a kept fact."""

    id: str
    rank: int
    said: str


class KeptFact(Entry):
    """Something remembered for the whole check-in that rows and the gate may name like a question."""

    id: str
    start: str
    options: tuple[FactOption, ...]

    _by_id: dict[str, FactOption] = PrivateAttr()
    _some_options = validator("options", allow_reuse=True)(not_empty)

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._by_id = {option.id: option for option in self.options}

    @property
    def by_id(self) -> Mapping[str, FactOption]:
        """Option id -> option, in file order."""
        return self._by_id


class Audience(Entry):
    """What is left out of the result depending on whom the check-in is for."""

    hide_kinds: Slugs
    omit: Slugs
