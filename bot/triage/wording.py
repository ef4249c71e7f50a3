"""Reads how the check-in talks and listens from `knowledge/interview.yml`, and holds it against the decision table.

Everything a person reads and every word list for typed answers is in that file; names the table does not know are
refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.triage.question_models import Group, Question
from bot.triage.table_models import TriageTable
from bot.triage.wording_models import Checklist, Wording
from knowledge.files import ContentError, Document, Problem, load_yaml, parse_model

WORDING_FILE = Path(__file__).resolve().parents[2] / "knowledge" / "interview.yml"
"""Where the product's own wording stands."""


def load_wording(table: TriageTable, path: Path = WORDING_FILE) -> Wording:
    """Read the wording of the check-in and hold it against the table.

    Raises ContentError with every mistake found, each with file, line and meaning.
    """
    document = load_yaml(path)
    wording = parse_model(document, Wording)
    problems = list(_mistakes(document, wording, table))
    if problems:
        raise ContentError(problems)
    return wording.copy(update={"lists": {name: _whole(wording, name) for name in wording.lists}})


def _whole(wording: Wording, name: str) -> Checklist:
    """A list with what it takes over from others, in front of its own."""
    checklist = wording.lists[name]
    others = [wording.lists[other] for other in checklist.also]
    return checklist.copy(
        update={
            "items": tuple(item for part in (*others, checklist) for item in part.items),
            "absent": {question: left for part in (*others, checklist) for question, left in part.absent.items()},
        }
    )


def _left_out(document: Document, wording: Wording, question: Question, group: Group) -> Iterator[Problem]:
    """Words of signs that are no sign's, or that do not stand in the texts they are to be taken out of."""
    name = f"{question.id}/{group.id}"
    said = wording.groups[name]
    for sign, words in said.left_out.items():
        if sign not in {known.id for known in question.group_signs(group.id)}:
            yield document.problem(f"'{sign}' is no sign of the group '{name}'", "groups", name, "left_out")
        if any(f" {words}" not in text for text in (group.text, said.text_helper or group.text)):
            yield document.problem(f"'{words}' does not stand in both texts of the group", "groups", name, "left_out")


def _mistakes(document: Document, wording: Wording, table: TriageTable) -> Iterator[Problem]:
    """Names the table does not know, and questions nobody would ask."""

    def options(question: str, names: Any, *where: str | int) -> Iterator[Problem]:
        if question not in table.by_id:
            yield document.problem(f"there is no question '{question}'", *where)
            return
        for name in names:
            if name not in table.by_id[question].by_id:
                yield document.problem(f"the question '{question}' has no option '{name}'", *where)

    for name, question in wording.questions.items():
        where = ("questions", name)
        for field in ("says", "says_here", "options_helper"):
            yield from options(name, getattr(question, field), *where, field)
        for field in ("options", "options_helper") if question.detail else ():
            yield from options(name, getattr(question.detail, field), *where, "detail", field)
        yield from options(name, (*question.yes, *question.no), *where)
        for maybe in question.maybe_says:
            yield from options(name, maybe.options, *where, "maybe_says")
    for name, checklist in wording.lists.items():
        for index, item in enumerate(checklist.items):
            if len(item.ticks) != 1:
                yield document.problem("an item is about one question", "lists", name, "items", index)
            for ticked, left in item.ticks.items():
                yield from options(ticked, left, "lists", name, "items", index)
        if {item.question for item in checklist.items} != set(checklist.absent):
            yield document.problem("'absent' and the items speak of different questions", "lists", name, "absent")
        for absent, silent in checklist.absent.items():
            yield from options(absent, silent, "lists", name, "absent")
        for other in checklist.also:
            if other not in wording.lists:
                yield document.problem(f"there is no list '{other}'", "lists", name, "also")
    for jump_option in wording.jump.options:
        for about, chosen in jump_option.sets.items():
            yield from options(about, (chosen,), "jump")
    for slug, problem in wording.problems.items():
        for implied, left in problem.implies.items():
            yield from options(implied, left, "problems", slug)
    if set(wording.problems) != {pattern.slug for pattern in table.patterns}:
        yield document.problem("the problems are not the walking patterns of the table", "problems")
    for plan, names in wording.plans.items():
        for name in names:
            if name not in wording.lists and name not in table.by_id:
                yield document.problem(f"'{name}' is neither a list nor a question", "plans", plan)
    for asked in table.questions:
        if asked.choose_many:
            for group in asked.groups:
                if f"{asked.id}/{group.id}" not in wording.groups:
                    yield document.problem(f"the group '{asked.id}/{group.id}' is missing", "groups")
                else:
                    yield from _left_out(document, wording, asked, group)
        elif asked.id not in wording.questions:
            yield document.problem(f"the question '{asked.id}' is missing", "questions")
    known_signs = {sign.id for question in table.questions if question.choose_many for sign in question.options}
    for sign in wording.signs:
        if sign not in known_signs:
            yield document.problem(f"there is no sign '{sign}'", "signs", sign)
    talk = wording.result_talk
    ends = wording.result.at_the_end
    for name in (
        ends.sooner,
        ends.person,
        *wording.article,
        *talk.call_steps,
        *(step for named in talk.steps for step in named.steps),
    ):
        if name not in table.next_steps:
            yield document.problem(f"there is no step '{name}'", "result_talk")
    if missing := {item.level for item in table.call_if} - set(wording.result.call_for):
        yield document.problem(f"there is no heading for {', '.join(sorted(missing))}", "result", "call_for")
    for field, known in (("why_levels", set(table.levels)), ("jumping_closed", set(table.audience))):
        if set(getattr(talk, field)) != known:
            yield document.problem(
                f"must have exactly one line for each of {', '.join(sorted(known))}", "result_talk", field
            )
    for name in talk.jumping_first:
        if name not in table.by_id:
            yield document.problem(f"there is no question '{name}'", "result_talk", "jumping_first")
    for name in wording.reading.change_names:
        if name not in table.by_id:
            yield document.problem(f"there is no question '{name}'", "reading", "change_names")
