"""The decision table as one typed, frozen model: levels, questions, steps, outcomes with their rows, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Extra, Field, PrivateAttr, validator

from bot.triage.question_models import Audience, Condition, Entry, KeptFact, Question, Slugs, not_empty


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Level(Entry):
    """One level of urgency; a higher rank is more urgent."""

    rank: int
    means: str


class Step(Entry):
    """One next step as the person or a helper reads it, with the topic that explains it and a question for a visit."""

    kind: Literal["safety", "contact", "everyday", "brace", "exercise"]
    text: str
    text_helper: str | None = None
    topic: str | None = None
    visit_question: str | None = None
    only_if: Condition = Field(default_factory=dict)
    not_if: Condition = Field(default_factory=dict)
    excludes: Slugs = ()


class Row(Entry):
    """One line of the decision: when it matches, which steps it brings."""

    id: str
    when: str
    if_: Condition = Field(default_factory=dict, alias="if")
    if_any: Condition = Field(default_factory=dict)
    gate: str | None = None
    gate_not: str | None = None
    steps_only: bool = False
    with_: Slugs = Field(default=(), alias="with")
    categories: Slugs = ()
    steps: Slugs
    why: str

    _some_steps = validator("steps", allow_reuse=True)(not_empty)

    _one_or_many = validator("with_", pre=True, allow_reuse=True)(_as_list)


class Outcome(Entry):
    """What a person reads at one level, and the rows that lead there."""

    time_frame: str
    headline: str
    say: Slugs
    always_steps: Slugs
    omit_for: Mapping[str, Slugs]
    hide_kinds: Slugs
    reach_human: str
    follow_up: str
    advice: str | None = None
    rows: tuple[Row, ...]

    _some = validator("always_steps", "rows", allow_reuse=True)(not_empty)


class Gate(Entry):
    """The conditions, all of them, under which jump practice may be mentioned as a step."""

    id: str
    all_of: Condition
    unanswered: str
    limits_note: str
    sources: Slugs


class Pattern(Entry):
    """A way of walking that the result explains; it never changes level or steps."""

    slug: str
    title: str
    shown_by: Condition
    plain: str
    from_the_article: Mapping[str, str]
    related_steps: Slugs
    sources: Slugs


class CallIf(Entry):
    """What would make it worse, and whom to call then. `short` names only the sign, for a list of signs by level."""

    id: str
    level: str
    for_: Slugs | None = Field(default=None, alias="for")
    shown_when: Condition = Field(default_factory=dict)
    means: Condition
    text: str
    short: str


class Invariant(Entry):
    """A statement that holds over the whole space of answers."""

    id: str
    statement: str
    how_to_check: str


class DiagnosisWords(Entry):
    """The words that together would make a sentence a diagnosis."""

    openers: Slugs
    conditions: Slugs


class AskFirst(Entry):
    """Options that go into the summary only after a clear yes."""

    options: Slugs
    text: str


class VisitSummary(Entry):
    """What the one page for a clinician holds."""

    include: Slugs
    unknown: str
    ask_first: AskFirst
    leave_out: str
    closing_line: str


class Anytime(Entry):
    """Words that bring a person to a human at every question."""

    match: str
    words: Slugs
    page_only_words: Slugs
    never_words: Slugs
    does: str


class HowItWorks(Entry):
    """The table's own account of how it is read. All but `anytime` is prose for people."""

    anytime: Anytime

    class Config(Entry.Config):
        extra = Extra.allow


class TriageTable(Entry):
    """The whole table."""

    about: Mapping[str, Any]
    levels: Mapping[str, Level]
    how_it_works: HowItWorks
    kept_facts: tuple[KeptFact, ...]
    audience: Mapping[str, Audience]
    questions: tuple[Question, ...]
    patterns: tuple[Pattern, ...]
    next_steps: Mapping[str, Step]
    outcomes: Mapping[str, Outcome]
    call_if: tuple[CallIf, ...]
    jumping_gate: Gate
    diagnosis_words: DiagnosisWords
    invariants: tuple[Invariant, ...]
    summary_for_visit: VisitSummary
    contested_or_regional: Slugs

    _by_id: dict[str, Question] = PrivateAttr()
    _fact_by_id: dict[str, KeptFact] = PrivateAttr()
    _levels_down: tuple[str, ...] = PrivateAttr()
    _rows: tuple[tuple[str, Row], ...] = PrivateAttr()
    _some_questions = validator("questions", allow_reuse=True)(not_empty)

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._by_id = {question.id: question for question in self.questions}
        self._fact_by_id = {fact.id: fact for fact in self.kept_facts}
        self._levels_down = tuple(sorted(self.levels, key=lambda name: -self.levels[name].rank))
        self._rows = tuple(
            (level, row) for level in self._levels_down if level in self.outcomes for row in self.outcomes[level].rows
        )

    @property
    def by_id(self) -> Mapping[str, Question]:
        """Question id -> question, in file order."""
        return self._by_id

    @property
    def fact_by_id(self) -> Mapping[str, KeptFact]:
        """Kept fact id -> kept fact."""
        return self._fact_by_id

    @property
    def levels_down(self) -> tuple[str, ...]:
        """Levels, the most urgent first."""
        return self._levels_down

    @property
    def lowest_level(self) -> str:
        """The level when no row above it matches."""
        return self._levels_down[-1]

    @property
    def highest_level(self) -> str:
        """The level at which the check-in ends at once."""
        return self._levels_down[0]

    @property
    def rows(self) -> tuple[tuple[str, Row], ...]:
        """Every row with its level: highest level first, in file order within a level."""
        return self._rows

    @property
    def danger_question(self) -> Question:
        """The first question, which asks for danger signs."""
        return self.questions[0]
