"""No words of diagnosis: over all that the triage can say, whatever is answered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.triage.decide import decide
from bot.triage.explain import reason_sentences, visit_questions, why
from bot.triage.summary import sensitive_options, summary
from tests.patients.speaker import as_answers, table, wording
from tests.patients.test_patients import EVERYBODY
from tests.patients.visit import says_diagnosis


def outcome_texts() -> Iterator[str]:
    """Headlines, time frames, what is said, steps, what would make it worse, reasons, patterns."""
    for outcome in table().outcomes.values():
        yield from (outcome.headline, outcome.time_frame, *outcome.say)
    for step in table().next_steps.values():
        yield from (step.text, step.text_helper or "", step.visit_question or "")
    yield from (item.text for item in table().call_if)
    yield from reason_sentences(table())
    for pattern in table().patterns:
        yield from (pattern.title, pattern.plain, *pattern.from_the_article.values())


def prompt_texts() -> Iterator[str]:
    """Every question, help, answer, simpler wording and example, to the person and to a helper."""
    for question in table().questions:
        yield from (question.text, question.help or "", *(group.text for group in question.groups))
        for option in question.options:
            yield from (option.text, option.ask or "", option.said, option.said_helper or "")
    for name in ("prompts", "lists", "jump", "groups", "signs", "questions", "problems", "result_talk", "summary"):
        yield from strings(getattr(wording(), name))


def strings(value: object) -> Iterator[str]:
    """Every text inside a part of the wording."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
    elif hasattr(value, "dict"):
        yield from strings(value.dict())


def summaries() -> Iterator[str]:
    """The pages of all patients, and of people with every single option, for the person and for a helper."""
    sheets = [as_answers(patient.facts_at_the_end) for patient in EVERYBODY]
    for question in table().questions:
        for option in question.options:
            for who in ("me", "someone-i-help", "child"):
                value = [option.id] if question.choose_many else option.id
                sheets.append({**as_answers({}), "who": who, question.id: value})
    for sheet in sheets:
        result = decide(table(), sheet)
        yield summary(table(), result, agreed=sensitive_options(table(), result))
        yield from (*why(table(), result), *visit_questions(table(), result))


def diagnoses(texts: Iterator[str]) -> dict[str, str]:
    """The texts that tell of a disease, with the words that do."""
    openers = (*table().diagnosis_words.openers, "you do not have", "they don't have")
    return {text: found for text in texts if (found := says_diagnosis(text, openers))}


def test_no_outcome_names_a_disease_as_the_persons() -> None:
    assert diagnoses(outcome_texts()) == {}


def test_no_prompt_names_a_disease_as_the_persons() -> None:
    assert diagnoses(prompt_texts()) == {}


def test_no_summary_names_a_disease_as_the_persons() -> None:
    assert diagnoses(summaries()) == {}


def test_the_check_finds_what_it_looks_for() -> None:
    assert says_diagnosis("So you have a stroke.") == "you have a stroke"
    assert says_diagnosis("You do not have MS") == "You do not have MS"
    assert says_diagnosis("Do you have MS?") is None
