"""One page to show a clinician, built from the person's own answers, and its parts for text messages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.triage.decide import Result
from bot.triage.explain import visit_questions, why
from bot.triage.rows import has_value_in
from bot.triage.table_models import TriageTable
from bot.triage.values import Line

SUMMARY_TITLE = "Clonus check-in: summary for a visit"

SMALLEST_PART = 40
"""Characters below which a part would hold little more than its number."""


def sensitive_options(table: TriageTable, result: Result) -> tuple[str, ...]:
    """The chosen options that go into the summary only after the person says yes to being asked."""
    asked = table.summary_for_visit.ask_first.options
    return tuple(option for value in result.values.values() for option in asked if option in value)


@dataclass(frozen=True)
class Section:
    """One part of the summary: its heading and its lines, as a list where there may be several."""

    title: str
    lines: tuple[str, ...]
    listed: bool = True


def sections(table: TriageTable, result: Result, *, agreed: Collection[str] = ()) -> tuple[Section, ...]:
    """The summary for a clinician, section by section.

    The walking problem in the person's own answers, the level with its reasons, the medicine change, all answers, and
    questions to ask. Unknown answers are listed as not known; nothing is listed that was not asked. `agreed` are the
    sensitive options the person said yes to; others of `sensitive_options` are left out.
    """
    hidden = set(sensitive_options(table, result)) - set(agreed)
    found = (
        Section("Problem", tuple(_all_listed(table, result, _problems(table, result), hidden))),
        Section("Level", (f"{result.headline}. Time frame: {result.time_frame.lower()}.",), listed=False),
        Section("Why", why(table, result, hidden=hidden)),
        Section("Medicine change", tuple(_answer(table, result, "medicines", hidden)), listed=False),
        Section("Answers", tuple(_all_listed(table, result, table.summary_for_visit.include, hidden))),
        Section("Questions to ask", visit_questions(table, result)),
    )
    return tuple(section for section in found if section.lines)


def summary(table: TriageTable, result: Result, *, agreed: Collection[str] = ()) -> str:
    """The whole summary as one page of plain text; it ends by saying that it is not a diagnosis."""
    blocks = [
        "\n".join([section.title, *(f"- {line}" if section.listed else line for line in section.lines)])
        for section in sections(table, result, agreed=agreed)
    ]
    return "\n\n".join([SUMMARY_TITLE, *blocks, table.summary_for_visit.closing_line])


def _all_listed(table: TriageTable, result: Result, names: Iterable[str], hidden: Collection[str]) -> Iterator[str]:
    for name in names:
        yield from _listed(table, result, name, hidden)


def _problems(table: TriageTable, result: Result) -> Iterator[str]:
    """The walking questions whose answers fit a pattern; the answers themselves are shown, not the explanation."""
    for pattern in table.patterns:
        yield from (name for name, options in pattern.shown_by.items() if has_value_in(result.values, name, options))


def _answer(table: TriageTable, result: Result, name: str, hidden: Collection[str]) -> list[str]:
    """What was answered to one question, in the wording of its options; empty when it was not asked."""
    question = table.by_id[name]
    line = result.lines[name]
    if line is Line.UNKNOWN:
        return ["not known"]
    if line is not Line.ANSWERED:
        return []
    chosen = [option for option in question.options if option.id in result.values[name] and option.id not in hidden]
    return ["not known" if option.unknown else option.text for option in chosen]


def _listed(table: TriageTable, result: Result, name: str, hidden: Collection[str]) -> Iterator[str]:
    if name in table.fact_by_id:
        fact = table.fact_by_id[name]
        if result.values[name] != {fact.start}:
            yield "Danger sign: first said yes, later no"
        return
    told = _answer(table, result, name, hidden)
    if told:
        yield f"{table.by_id[name].label}: {'; '.join(text.rstrip('.') for text in told)}"


def parts(summary: str, size: int) -> tuple[str, ...]:
    """A summary in numbered parts of at most `size` characters each: "1/3 ...".

    Parts end between lines where they can, else between sentences, else between words; only a word longer than a part
    is cut. A summary that fits is one part without a number. Raises ValueError when `size` is below SMALLEST_PART.
    """
    if size < SMALLEST_PART:
        raise ValueError(f"a part must have room for at least {SMALLEST_PART} characters, not {size}")
    text = summary.strip()
    if len(text) <= size:
        return (text,)
    digits = 1
    while True:
        room = size - len(f"{'9' * digits}/{'9' * digits} ")
        chunks = list(_chunks(text, room))
        if len(str(len(chunks))) <= digits:
            return tuple(f"{number}/{len(chunks)} {chunk}" for number, chunk in enumerate(chunks, 1))
        digits += 1


def _chunks(text: str, room: int) -> Iterator[str]:
    """Pieces of at most `room` characters, each as long as its best place to end allows."""
    left = text
    while len(left) > room:
        head = left[: room + 1]
        ends = (
            [found.start() for found in re.finditer(r"\n", head)]
            or [found.end() for found in re.finditer(r"[.!?:;](?=\s)", head)]
            or [found.start() for found in re.finditer(r"\s", head)]
        )
        end = next((place for place in reversed(ends) if place > 0), room)
        yield left[:end].strip()
        left = left[end:].strip()
    if left:
        yield left
