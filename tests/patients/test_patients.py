"""Every simulated patient, through the trained bot and the real actions, to the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pytest
import yaml

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message
from bot.triage.decide import decide
from tests.patients.speaker import FOLDER, Speaker, as_answers, table, wording
from tests.patients.visit import SEEN_TEXTS, Settled, Visit, says_diagnosis

LONGEST = 80
"""Turns after which an interview goes around in a circle."""

THEIR_QUESTIONS = (
    "What is clonus?",
    "what is a heel wedge?",
    "Is jumping safe for me?",
    "do I need a brace?",
    "why does my foot bounce?",
    "what helps against spasms at night?",
)


@dataclass(frozen=True)
class Patient:
    """One simulated person, as in patients.yml."""

    name: str
    facts: dict[str, Any]
    style: str
    opens: str
    tells: tuple[str, ...]
    hesitates: bool
    asks: int
    says: dict[str, list[str]]
    changes: list[dict[str, Any]]
    slips: str | None
    level: str
    rows: tuple[str, ...]
    steps: tuple[str, ...]
    never: tuple[str, ...]
    most_questions: int

    @property
    def facts_at_the_end(self) -> dict[str, Any]:
        """What is true once every answer that was to be changed is changed."""
        changed = dict(self.facts)
        for change in self.changes:
            changed.update(change["facts"])
        return changed

    def __str__(self) -> str:
        return self.name


def patients() -> list[Patient]:
    """Everybody in patients.yml."""
    content = yaml.safe_load((FOLDER / "patients.yml").read_text(encoding="utf-8"))
    found = []
    for entry in content["patients"]:
        expect = entry["expect"]
        found.append(
            Patient(
                name=entry["patient"],
                facts={**content["sheets"][entry["sheet"]], **entry.get("facts", {})},
                style=entry["style"],
                opens=entry.get("opens", "check my symptoms"),
                tells=tuple(entry.get("tells", ())),
                hesitates=entry.get("hesitates", False),
                asks=entry.get("asks", 0),
                says=entry.get("says", {}),
                changes=entry.get("changes", []),
                slips=entry.get("slips"),
                level=expect["level"],
                rows=tuple(expect["rows"]),
                steps=tuple(expect["steps"]),
                never=tuple(expect.get("never", ())),
                most_questions=expect["most_questions"],
            )
        )
    return found


EVERYBODY = patients()


@dataclass
class Attended:
    """What the runs showed between them."""

    asked: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    said: dict[str, list[tuple[str, list[Message]]]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def attended() -> Attended:
    """Filled by the runs, read by the tests that come after them."""
    return Attended()


async def attend(companion: Companion, patient: Patient) -> Visit:
    """Run a person's check-in to its end."""
    visit, settled = Visit(companion), Settled(answered=set(patient.tells))
    speaker = Speaker(patient.facts, patient.style, patient.hesitates)
    items = {item.id: item for checklist in wording().lists.values() for item in checklist.items}
    says = {question: list(texts) for question, texts in patient.says.items()}
    changes, slips, answers = list(patient.changes), patient.slips, 0
    misread: object = None
    await visit.say(patient.opens)
    while visit.screen is not None and visit.turns < LONGEST:
        screen = visit.screen
        if misread != screen.same_as and (problem := settled.again(screen)):
            visit.problems.append(problem)
        if says.get(screen.question):
            text = says[screen.question].pop(0)
            await visit.say(text)
            if visit.screen is None or visit.screen.same_as != screen.same_as:
                visit.problems.append(f"'{text}' was taken for an answer")
            misread = screen.same_as
            continue
        if changes and changes[0]["at"] == screen.question and screen.kind == "question":
            change = changes.pop(0)
            speaker = Speaker({**speaker.facts, **change["facts"]}, patient.style, patient.hesitates)
            for question in change["facts"]:
                settled.forget(question)
            await visit.say(change["say"])
            continue
        if patient.asks and answers % patient.asks == patient.asks - 1 and misread != screen.same_as:
            await ask(visit, THEIR_QUESTIONS[answers // patient.asks % len(THEIR_QUESTIONS)])
            misread = screen.same_as
            continue
        if slips == screen.question:
            slips = None
            await visit.say("yes")
            await visit.say("go back")
            continue
        chosen = speaker.chosen(screen)
        text = speaker.answer(screen, clearly=misread == screen.same_as)
        await visit.say(text)
        if visit.screen is not None and visit.screen.same_as == screen.same_as:
            if text == "skip" and screen.question == "red-flags" and misread != screen.same_as:
                misread = screen.same_as
                continue
            if screen.question not in patient.says:
                visit.problems.append(f"'{text}' was not understood at {screen.kind} {screen.question}")
                if misread == screen.same_as:
                    break
            misread = screen.same_as
            continue
        misread = None
        answers += 1
        settled.note(screen, chosen, text, items)
    return visit


async def ask(visit: Visit, question: str) -> None:
    """Ask something in the middle: it is answered, and the same question comes again."""
    before = visit.screen
    replies = await visit.say(question)
    kinds = [reply["metadata"].get("kind") for reply in replies]
    if kinds[0] not in ("answer", "clarify") or kinds[-1] != "question":
        visit.problems.append(f"'{question}' was answered with {kinds}")
    if visit.screen is None or before is None or visit.screen.same_as != before.same_as:
        visit.problems.append(f"after '{question}' another question came")


@pytest.mark.parametrize("patient", EVERYBODY, ids=str)
async def test_patient(companion: Companion, patient: Patient) -> None:
    whole = decide(table(), as_answers(patient.facts_at_the_end))
    visit = await attend(companion, patient)
    attended().asked.update(visit.asked)
    attended().kinds.update(visit.kinds)
    attended().names.add(patient.name)
    attended().said[patient.name] = visit.said
    assert visit.problems == [], visit.report()
    assert visit.last_level == patient.level == whole.level, visit.report()
    if whole.level != "emergency":
        assert visit.last_steps == whole.steps, visit.report()
    assert set(patient.steps) <= set(visit.last_steps), visit.report()
    shown = {step for end in visit.ends for step in end["metadata"].get("steps", ())}
    assert not set(patient.never) & (shown if whole.level == "emergency" else set(visit.last_steps)), visit.report()
    assert visit.number <= patient.most_questions, visit.report()


def test_the_expectations_agree_with_the_table() -> None:
    differ = {}
    for patient in EVERYBODY:
        whole = decide(table(), as_answers(patient.facts_at_the_end))
        found = (
            whole.level,
            set(patient.rows) - set(whole.rows),
            set(patient.steps) - set(whole.steps),
            set(patient.never) & set(whole.steps),
        )
        if found != (patient.level, set(), set(), set()):
            differ[patient.name] = found
    assert differ == {}


def test_there_are_enough_patients_of_every_style_and_level() -> None:
    assert len(EVERYBODY) >= 80
    assert len({patient.name for patient in EVERYBODY}) == len(EVERYBODY)
    assert {patient.style for patient in EVERYBODY} == {
        "plain", "numbers", "terse", "rambling", "aphasic", "caregiver", "sms",
    }  # fmt: skip
    assert {patient.level for patient in EVERYBODY} == {"emergency", "urgent", "soon", "self-care"}


def test_every_row_of_the_table_is_hit() -> None:
    hit = {row for patient in EVERYBODY for row in decide(table(), as_answers(patient.facts_at_the_end)).rows}
    assert {row.id for _, row in table().rows} - hit == set()


def test_every_question_of_the_table_is_asked() -> None:
    if not attended().names >= {patient.name for patient in EVERYBODY}:
        pytest.fail("run the whole folder: this test reads what the patients were asked")
    assert {question.id for question in table().questions} - attended().asked == set()


def test_nobody_was_told_that_they_have_or_do_not_have_a_disease() -> None:
    assert {text: found for text in SEEN_TEXTS if (found := says_diagnosis(text))} == {}
