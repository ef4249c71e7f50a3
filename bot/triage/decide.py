"""The decision: answers in, result out. Pure and typed; it knows no dialogue engine and keeps no state.

`knowledge/triage.yml` is the only source of what is decided; its section `how_it_works` is the specification of this
module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.triage.question_models import LEVEL_ITEM
from bot.triage.rows import Values, all_met, any_met, has_value_in, matches
from bot.triage.table_models import Row, Step, TriageTable
from bot.triage.values import Line, read_values

EXPLAINED_LEVELS = ("soon", "self-care")
"""Levels at which a walking pattern is explained; above them the person has a call to make first."""

EXPLAINED_WHO = ("me", "someone-i-help", "not-sure")
"""Whom the walking patterns speak to: adults."""


HELPED = ("someone-i-help", "child", "baby")
"""Answers to `who` that mean the person who writes is not the one it is about."""


@dataclass(frozen=True)
class ShownStep:
    """One next step as the person sees it; `topic` is the slug of the topic that explains it, if there is one."""

    slug: str
    kind: str
    text: str
    topic: str | None


@dataclass(frozen=True)
class Reason:
    """One question (or kept fact) whose answer led to the level: the options that counted, in their own wording."""

    question: str
    options: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class ShownPattern:
    """A walking pattern the answers fit, with those of its related steps that the result offers."""

    slug: str
    title: str
    plain: str
    from_the_article: Mapping[str, str]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """The outcome of a check-in.

    `rows` are the ids of all rows that matched, highest level first. `categories` are the warning-sign categories
    whose short advice fits, most important first; empty below urgent. `values` holds every question's value, `lines`
    where each came from. `call_if` says what would make it worse.
    """

    level: str
    headline: str
    say: tuple[str, ...]
    time_frame: str
    reach_human: str
    rows: tuple[str, ...]
    shown_steps: tuple[ShownStep, ...]
    reasons: tuple[Reason, ...]
    patterns: tuple[ShownPattern, ...]
    categories: tuple[str, ...]
    call_if: tuple[str, ...]
    gate_open: bool
    values: Values
    lines: Mapping[str, Line]

    @property
    def steps(self) -> tuple[str, ...]:
        """The slugs of the steps, in the order shown."""
        return tuple(step.slug for step in self.shown_steps)

    @property
    def about(self) -> str:
        """Whom the check-in is for: the value of the question `who`."""
        (who,) = self.values["who"]
        return who


def decide(
    table: TriageTable,
    answers: Mapping[str, Any],
    *,
    running: bool = False,
    reached: Collection[str] | None = None,
    kept_facts: Mapping[str, Any] | None = None,
) -> Result:
    """Work out the result of a check-in.

    `answers`: question id -> option id, several option ids, or None for a question that was put without a usable
    answer. A question that is missing is unknown, unless it is not put to this person or, while `running`, has not
    been reached (see `read_values`). Garbage counts as unknown; nothing in `answers` makes this raise.
    """
    readings = read_values(table, answers, running=running, reached=reached, kept_facts=kept_facts)
    values, level = readings.values, readings.level
    fired = [(of, row) for of, row in table.rows if matches(row, values, gate_open=readings.gate_open)]
    outcome = table.outcomes[level]
    steps = tuple(
        _shown_steps(table, values, level, [row for of, row in fired if of == level or level != table.highest_level])
    )
    return Result(
        level=level,
        headline=outcome.headline,
        say=outcome.say,
        time_frame=outcome.time_frame,
        reach_human=outcome.reach_human,
        rows=tuple(row.id for _, row in fired),
        shown_steps=tuple(_shown(slug, step, helped=bool(values["who"] & set(HELPED))) for slug, step in steps),
        reasons=tuple(_reasons(table, values, [row for of, row in fired if of == level])),
        patterns=tuple(_patterns(table, values, level, {slug for slug, _ in steps})),
        categories=tuple(_categories(table, values, [row for of, row in fired if of == level], level)),
        call_if=tuple(_call_if(table, values, level)),
        gate_open=readings.gate_open,
        values=values,
        lines=readings.lines,
    )


def _shown(slug: str, step: Step, *, helped: bool) -> ShownStep:
    return ShownStep(slug, step.kind, (step.text_helper if helped else None) or step.text, step.topic)


def _shown_steps(table: TriageTable, values: Values, level: str, rows: list[Row]) -> Iterator[tuple[str, Step]]:
    """The steps of an outcome: rules 1 to 4 of `how_it_works.steps`. `rows` are those that may add steps, in order."""
    outcome = table.outcomes[level]
    (who,) = values["who"]
    audience = table.audience[who]
    hidden_kinds = {*outcome.hide_kinds, *audience.hide_kinds}
    omitted = set(audience.omit)
    for sign in values[table.danger_question.id]:
        omitted.update(outcome.omit_for.get(sign, ()))
    listed = dict.fromkeys([*outcome.always_steps, *(step for row in rows for step in row.steps)])
    facts: Values = {**values, LEVEL_ITEM: frozenset({level})}
    left = {
        slug: table.next_steps[slug]
        for slug in listed
        if table.next_steps[slug].kind not in hidden_kinds
        and slug not in omitted
        and all_met(facts, table.next_steps[slug].only_if)
        and not any_met(facts, table.next_steps[slug].not_if)
    }
    excluded = {name for step in left.values() for name in step.excludes}
    return ((slug, step) for slug, step in left.items() if slug not in excluded)


def _reasons(table: TriageTable, values: Values, rows: list[Row]) -> Iterator[Reason]:
    """The questions that led to the level, in the order of the rows, each with all of its options that counted."""
    counted: dict[str, set[str]] = {}
    for row in rows:
        for name, options in (*row.if_.items(), *row.if_any.items()):
            if has_value_in(values, name, options):
                counted.setdefault(name, set()).update(values[name] & set(options))
    for name, chosen in counted.items():
        if name in table.by_id:
            known = [(option.id, option.text) for option in table.by_id[name].options]
        else:
            known = [(option.id, option.said) for option in table.fact_by_id[name].options]
        picked = [(option, text) for option, text in known if option in chosen]
        yield Reason(name, tuple(option for option, _ in picked), tuple(text for _, text in picked))


def _patterns(table: TriageTable, values: Values, level: str, offered: set[str]) -> Iterator[ShownPattern]:
    """The walking patterns the answers fit; explanations only, so they name no step that the result does not offer."""
    if level not in EXPLAINED_LEVELS or not has_value_in(values, "who", EXPLAINED_WHO):
        return
    for pattern in table.patterns:
        if all_met(values, pattern.shown_by):
            related = tuple(step for step in pattern.related_steps if step in offered)
            yield ShownPattern(pattern.slug, pattern.title, pattern.plain, pattern.from_the_article, related)


def _categories(table: TriageTable, values: Values, rows: list[Row], level: str) -> Iterator[str]:
    """The categories whose advice fits: the first of each sign that counted at this level, then those of the rows.

    Of a row's categories, those that a chosen option names itself come first.
    """
    if level not in table.levels_down[:2]:
        return
    counted: dict[str, None] = {}
    named = {
        category
        for question in table.questions
        for option in question.options
        if option.id in values[question.id]
        for category in option.categories
    }
    for question in table.questions:
        if question.choose_many:
            for option in question.options:
                if option.id in values[question.id] and option.categories and any(
                    option.id in row.if_.get(question.id, ()) for row in rows
                ):  # fmt: skip
                    counted.setdefault(option.categories[0])
    for row in rows:
        for category in sorted(row.categories, key=lambda name: name not in named):
            counted.setdefault(category)
    yield from counted


def _call_if(table: TriageTable, values: Values, level: str) -> Iterator[str]:
    """What would make it worse: each item says a level above that of the result."""
    for item in table.call_if:
        if (
            table.levels[item.level].rank > table.levels[level].rank
            and (item.for_ is None or has_value_in(values, "who", item.for_))
            and all_met(values, item.shown_when)
        ):
            yield item.text
