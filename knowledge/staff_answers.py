"""Load the words that staff put into a reply with one click."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from knowledge.files import ContentError, Problem, load_yaml
from knowledge.gsm7 import SINGLE_MESSAGE, length, outside_alphabet
from knowledge.models import Content, Text
from knowledge.reading import HIGHEST_GRADE, reading_grade

LONGEST_NUMBER = "your local emergency number"


class StaffAnswer(Content):
    """A ready answer: what it is called, and its words."""

    title: Text
    text: Text


def load_staff_answers(path: Path) -> dict[str, StaffAnswer]:
    """All ready answers by name, in the order of the file. Raises ContentError with file and line."""
    document = load_yaml(path)
    if not isinstance(document.data, dict):
        raise ContentError([document.problem("the file must hold named answers (name: title and text)")])
    answers: dict[str, StaffAnswer] = {}
    problems: list[Problem] = []
    for name, fields in document.data.items():
        try:
            answers[name] = StaffAnswer.parse_obj(fields)
        except ValidationError as error:
            problems += [
                document.problem(f"{name}.{item['loc'][0]}: {item['msg']}", name, *item["loc"])
                for item in error.errors()
            ]
            continue
        text = answers[name].text.replace("{emergency}", LONGEST_NUMBER)
        if "{" in text:
            problems.append(document.problem(f"{name}.text: unknown placeholder", name, "text"))
        if outside_alphabet(text) or length(text) > SINGLE_MESSAGE:
            problems.append(document.problem(f"{name}.text: does not fit one text message", name, "text"))
        grade = reading_grade(text.replace(LONGEST_NUMBER, "911"))
        if grade > HIGHEST_GRADE:
            message = f"{name}.text: reads at school grade {grade:.1f}, must be {HIGHEST_GRADE:.0f} or below"
            problems.append(document.problem(message, name, "text"))
    if problems:
        raise ContentError(problems)
    return answers
