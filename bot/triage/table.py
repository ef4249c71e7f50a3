"""The decision table as typed, frozen models, read from `knowledge/triage.yml`.

The section `how_it_works` of that file says what each field means. A table that cannot be used fails to load, with
the file, the line and the reason of every mistake in it, so that neither the evaluator nor the proof ever sees one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, PrivateAttr, validator

from knowledge.files import ContentError, Document, Problem, load_yaml, parse_model

TABLE_FILE = Path(__file__).resolve().parents[2] / "knowledge" / "triage.yml"
"""Where the product's own table stands."""

LARGEST_GROUP_WORDS = 45
"""Words in one group of signs: what can be read aloud in about 15 seconds."""

MOST_GROUPS = 4
"""Groups of signs in one question, so that a tired person on a phone gets through them."""

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


def _not_empty(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise ValueError("must name at least one")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Level(Entry):
    """One level of urgency; a higher rank is more urgent."""

    rank: int
    means: str


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
    _some_options = validator("options", allow_reuse=True)(_not_empty)

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._by_id = {option.id: option for option in self.options}

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
        return tuple(option for option in self.options if option.id != NONE_OPTION and not option.unknown)

    def group_signs(self, group: str) -> tuple[Option, ...]:
        """The signs that one group covers, in file order."""
        return tuple(option for option in self.options if option.group == group)


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
    _some_options = validator("options", allow_reuse=True)(_not_empty)

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


class Step(Entry):
    """One next step as the person reads it, with the topic that explains it and a question for the next visit."""

    kind: Literal["safety", "contact", "everyday", "brace", "exercise"]
    text: str
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

    _some_steps = validator("steps", allow_reuse=True)(_not_empty)

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

    _some = validator("always_steps", "rows", allow_reuse=True)(_not_empty)


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
    """What would make it worse, and whom to call then."""

    id: str
    level: str
    for_: Slugs | None = Field(default=None, alias="for")
    shown_when: Condition = Field(default_factory=dict)
    means: Condition
    text: str


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
    _some_questions = validator("questions", allow_reuse=True)(_not_empty)

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


def load_table(
    path: Path = TABLE_FILE,
    *,
    categories: Collection[str] | None = None,
    topics: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> TriageTable:
    """Read and check a decision table.

    `categories`, `topics` and `sources` are the known warning-sign categories, topic slugs and source keys; each is
    checked only when given. Raises ContentError holding every mistake found, each with file, line and meaning.
    """
    document = load_yaml(path)
    table = parse_model(document, TriageTable)
    problems = list(_mistakes(document, table, categories, topics, sources))
    if problems:
        raise ContentError(problems)
    return table


Where = tuple[str | int, ...]


def _mistakes(
    document: Document,
    table: TriageTable,
    categories: Collection[str] | None,
    topics: Collection[str] | None,
    sources: Collection[str] | None,
) -> Iterator[Problem]:
    """Everything wrong with a table whose fields all have the right types."""
    if set(table.outcomes) != set(table.levels):
        yield document.problem("outcomes: there must be exactly one outcome for each level", "outcomes")
        return
    if len({level.rank for level in table.levels.values()}) != len(table.levels):
        yield document.problem("levels: two levels have the same rank", "levels")
    check = _Checker(document, table)
    yield from check.unique()
    for index, question in enumerate(table.questions):
        yield from check.question(index, question)
    yield from check.audience()
    yield from check.steps()
    yield from check.rows()
    yield from check.gate()
    yield from check.explanations()
    yield from check.outside("category", categories, check.category_uses())
    yield from check.outside("topic", topics, check.topic_uses())
    yield from check.outside("source", sources, check.source_uses())


class _Checker:
    """The checks of one table, each a generator of problems placed on their lines."""

    def __init__(self, document: Document, table: TriageTable) -> None:
        self._document = document
        self._table = table

    def unique(self) -> Iterator[Problem]:
        """No id stands twice where ids must be unique."""
        table = self._table
        rows = [
            (row.id, ("outcomes", level, "rows", index))
            for level, outcome in table.outcomes.items()
            for index, row in enumerate(outcome.rows)
        ]
        named: list[tuple[str, list[tuple[str, Where]]]] = [
            ("question", [*((question.id, ("questions", index)) for index, question in enumerate(table.questions)),
              *((fact.id, ("kept_facts", index)) for index, fact in enumerate(table.kept_facts))]),
            ("row", [(name, tuple(where)) for name, where in rows]),
            ("invariant", [(item.id, ("invariants", index)) for index, item in enumerate(table.invariants)]),
            ("pattern", [(item.slug, ("patterns", index)) for index, item in enumerate(table.patterns)]),
            ("call_if", [(item.id, ("call_if", index)) for index, item in enumerate(table.call_if)]),
        ]  # fmt: skip
        for index, question in enumerate(table.questions):
            named.append((
                f"option of '{question.id}'",
                [(option.id, ("questions", index, "options", place)) for place, option in enumerate(question.options)],
            ))  # fmt: skip
        for kind, entries in named:
            seen: set[str] = set()
            for name, where in entries:
                if name in seen:
                    yield self._document.problem(f"{kind} '{name}' stands here twice", *where, "id")
                seen.add(name)

    def question(self, index: int, question: Question) -> Iterator[Problem]:
        """One question: what silence means, when it is asked, its groups and signs."""
        where: Where = ("questions", index)
        for field in ("unknown_counts_as", "not_asked_as", "mild"):
            named = getattr(question, field)
            if named is not None and named not in question.by_id:
                yield self._at(where, field, message=f"'{question.id}' has no option '{named}'")
        counted = question.by_id.get(question.unknown_counts_as)
        if counted is not None and not counted.unknown:
            yield self._at(
                where,
                "unknown_counts_as",
                message=f"'{counted.id}' must be marked 'unknown: true': silence is never an answer",
            )
        if question.mild is None and not question.choose_many:
            yield self._at(where, message=f"'{question.id}' needs a 'mild' answer to compare an unknown one with")
        if question.unknown_level not in self._table.levels:
            yield self._at(where, "unknown_level", message=f"there is no level '{question.unknown_level}'")
        earlier = {other.id for other in self._table.questions[:index]}
        for field in ("ask_when", "ask_when_any"):
            condition: Condition = getattr(question, field)
            yield from self._condition(condition, (*where, field))
            for name in condition:
                if name in self._table.by_id and name not in earlier:
                    yield self._at(
                        where,
                        field,
                        name,
                        message=f"'{question.id}' can wait only for an earlier question, not for '{name}'",
                    )
        yield from self._who(question.ask_who, (*where, "ask_who"))
        if question.ask_when_gate not in (None, self._table.jumping_gate.id):
            yield self._at(where, "ask_when_gate", message=f"there is no gate '{question.ask_when_gate}'")
        if question.choose_many:
            yield from self._signs(question, where)
        elif question.groups:
            yield self._at(where, "groups", message="only a choose-many question has groups")

    def _signs(self, question: Question, where: Where) -> Iterator[Problem]:
        none = question.by_id.get(NONE_OPTION)
        if none is None or none.rank != 0:
            yield self._at(where, "options", message=f"'{question.id}' needs an option 'none' of rank 0")
        if len(question.groups) > MOST_GROUPS:
            yield self._at(where, "groups", message=f"at most {MOST_GROUPS} groups, has {len(question.groups)}")
        for place, group in enumerate(question.groups):
            words = len(group.text.split())
            if words > LARGEST_GROUP_WORDS:
                yield self._at(
                    where, "groups", place,
                    message=f"group '{group.id}' has {words} words; at most {LARGEST_GROUP_WORDS} fit into 15 seconds",
                )  # fmt: skip
            if not question.group_signs(group.id):
                yield self._at(where, "groups", place, message=f"group '{group.id}' has no sign")
        groups = {group.id for group in question.groups}
        for place, option in enumerate(question.options):
            here: Where = (*where, "options", place)
            if option.group is not None and option.group not in groups:
                yield self._at(here, "group", message=f"there is no group '{option.group}'")
            if option in question.signs and option.offered and (option.group is None or option.ask is None):
                yield self._at(here, message=f"the sign '{option.id}' needs a 'group' and an 'ask' of its own")
            yield from self._who(option.ask_who, (*here, "ask_who"))
            yield from self._condition(option.ask_when, (*here, "ask_when"))
            yield from self._condition(option.not_when, (*here, "not_when"))

    def audience(self) -> Iterator[Problem]:
        """Every answer to whom it is for has its audience, and nothing else has."""
        who = self._table.by_id.get("who")
        if who is None or set(who.by_id) != set(self._table.audience):
            yield self._document.problem("audience: must name exactly the options of the question 'who'", "audience")
        for name, audience in self._table.audience.items():
            yield from self._step_names(audience.omit, ("audience", name, "omit"))
            yield from self._kinds(audience.hide_kinds, ("audience", name, "hide_kinds"))

    def steps(self) -> Iterator[Problem]:
        """Steps: conditions and exclusions name what exists, and every step is used."""
        table = self._table
        used = {step for outcome in table.outcomes.values() for step in outcome.always_steps}
        used |= {step for _, row in table.rows for step in row.steps}
        excluded = {name for step in table.next_steps.values() for name in step.excludes}
        for name, step in table.next_steps.items():
            where: Where = ("next_steps", name)
            yield from self._condition(step.only_if, (*where, "only_if"), with_level=True)
            yield from self._condition(step.not_if, (*where, "not_if"))
            yield from self._step_names(step.excludes, (*where, "excludes"))
            if step.excludes and name in excluded:
                yield self._at(
                    where, message=f"the step '{name}' both excludes and is excluded, so the order would matter"
                )
            if name not in used:
                yield self._at(where, message=f"no row and no outcome uses the step '{name}'")

    def rows(self) -> Iterator[Problem]:
        """Outcomes and rows name only what exists."""
        table = self._table
        row_ids = {row.id for _, row in table.rows}
        gated = {question.id for question in table.questions if question.ask_when_gate}
        for level, outcome in table.outcomes.items():
            at: Where = ("outcomes", level)
            yield from self._step_names(outcome.always_steps, (*at, "always_steps"))
            yield from self._kinds(outcome.hide_kinds, (*at, "hide_kinds"))
            for sign, steps in outcome.omit_for.items():
                if sign not in table.danger_question.by_id:
                    yield self._at(at, "omit_for", sign, message=f"there is no danger sign '{sign}'")
                yield from self._step_names(steps, (*at, "omit_for", sign))
            for index, row in enumerate(outcome.rows):
                where: Where = (*at, "rows", index)
                yield from self._condition(row.if_, (*where, "if"))
                yield from self._condition(row.if_any, (*where, "if_any"))
                for field, condition in (("if", row.if_), ("if_any", row.if_any)):
                    for name in sorted(gated & condition.keys()):
                        message = f"row {row.id} names '{name}', which is asked only after the level is known"
                        yield self._at(where, field, name, message=message)
                yield from self._step_names(row.steps, (*where, "steps"))
                for name in row.with_:
                    if name not in row_ids:
                        yield self._at(where, "with", message=f"there is no row '{name}'")
                if row.steps_only and not row.with_:
                    yield self._at(
                        where, message=f"row {row.id} only adds steps, so it must name the row it goes 'with'"
                    )
                if row.gate and row.gate_not:
                    yield self._at(where, message=f"row {row.id} cannot need the gate both open and closed")
                for field, gate in (("gate", row.gate), ("gate_not", row.gate_not)):
                    if gate not in (None, table.jumping_gate.id):
                        yield self._at(where, field, message=f"there is no gate '{gate}'")
                if not (row.if_ or row.if_any or row.gate or row.gate_not):
                    yield self._at(where, message=f"row {row.id} has no condition")
                if (row.gate or row.gate_not) and level != table.lowest_level:
                    yield self._at(
                        where, message=f"row {row.id} follows the gate, so it must stand under '{table.lowest_level}'"
                    )

    def gate(self) -> Iterator[Problem]:
        """Every question is an item of the gate, and no unknown answer opens it."""
        gate = self._table.jumping_gate
        where: Where = ("jumping_gate", "all_of")
        yield from self._condition(gate.all_of, where, with_level=True)
        for name in (LEVEL_ITEM, *self._table.fact_by_id, *self._table.by_id):
            if name not in gate.all_of:
                yield self._at(where, message=f"'{name}' is missing: every question is an item of the gate")
        for name, options in gate.all_of.items():
            question = self._table.by_id.get(name)
            for option in options:
                if question and option in question.by_id and question.by_id[option].unknown:
                    yield self._at(where, name, message=f"the unknown answer '{option}' must not open the gate")

    def explanations(self) -> Iterator[Problem]:
        """Patterns, safety net and summary name only what exists."""
        table = self._table
        for index, pattern in enumerate(table.patterns):
            yield from self._condition(pattern.shown_by, ("patterns", index, "shown_by"))
            yield from self._step_names(pattern.related_steps, ("patterns", index, "related_steps"))
        for index, item in enumerate(table.call_if):
            where: Where = ("call_if", index)
            if item.level not in table.levels:
                yield self._at(where, "level", message=f"there is no level '{item.level}'")
            yield from self._who(item.for_, (*where, "for"))
            yield from self._condition(item.shown_when, (*where, "shown_when"))
            yield from self._condition(item.means, (*where, "means"))
        summary = table.summary_for_visit
        for name in summary.include:
            if name not in table.by_id and name not in table.fact_by_id:
                yield self._document.problem(f"there is no question '{name}'", "summary_for_visit", "include")
        options = {option.id for question in table.questions for option in question.options}
        for name in summary.ask_first.options:
            if name not in options:
                yield self._document.problem(
                    f"there is no option '{name}'", "summary_for_visit", "ask_first", "options"
                )

    def category_uses(self) -> Iterator[tuple[str, Where]]:
        """Every warning-sign category named in the table."""
        for index, question in enumerate(self._table.questions):
            for place, option in enumerate(question.options):
                for name in option.categories:
                    yield name, ("questions", index, "options", place, "categories")
        for level, outcome in self._table.outcomes.items():
            for index, row in enumerate(outcome.rows):
                for name in row.categories:
                    yield name, ("outcomes", level, "rows", index, "categories")

    def topic_uses(self) -> Iterator[tuple[str, Where]]:
        """Every topic a step leads to."""
        for name, step in self._table.next_steps.items():
            if step.topic is not None:
                yield step.topic, ("next_steps", name, "topic")

    def source_uses(self) -> Iterator[tuple[str, Where]]:
        """Every source named in the table."""
        for index, pattern in enumerate(self._table.patterns):
            for name in pattern.sources:
                yield name, ("patterns", index, "sources")
        for name in self._table.jumping_gate.sources:
            yield name, ("jumping_gate", "sources")

    def outside(self, kind: str, known: Collection[str] | None, uses: Iterator[tuple[str, Where]]) -> Iterator[Problem]:
        """Names that belong to other content files."""
        for name, where in uses:
            if known is not None and name not in known:
                yield self._document.problem(f"there is no {kind} '{name}'", *where)

    def _at(self, where: Where, *more: str | int, message: str) -> Problem:
        return self._document.problem(message, *where, *more)

    def _condition(self, condition: Condition, where: Where, *, with_level: bool = False) -> Iterator[Problem]:
        for name, options in condition.items():
            known: Collection[str]
            if with_level and name == LEVEL_ITEM:
                known = self._table.levels
            elif name in self._table.by_id:
                known = self._table.by_id[name].by_id
            elif name in self._table.fact_by_id:
                known = self._table.fact_by_id[name].by_id
            else:
                yield self._at(where, name, message=f"there is no question '{name}'")
                continue
            for option in options:
                if option not in known:
                    yield self._at(where, name, message=f"'{name}' has no option '{option}'")

    def _who(self, names: Slugs | None, where: Where) -> Iterator[Problem]:
        for name in names or ():
            if name not in self._table.audience:
                yield self._at(where, message=f"'who' has no option '{name}'")

    def _step_names(self, names: Slugs, where: Where) -> Iterator[Problem]:
        for name in names:
            if name not in self._table.next_steps:
                yield self._at(where, message=f"there is no step '{name}'")

    def _kinds(self, names: Slugs, where: Where) -> Iterator[Problem]:
        kinds = {step.kind for step in self._table.next_steps.values()}
        for name in names:
            if name not in kinds:
                yield self._at(where, message=f"there is no step of kind '{name}'")
