"""Typed models of the curated content: what a topic and a source must hold."""

from __future__ import annotations

from datetime import date
from enum import Enum

from pydantic import BaseModel, Extra, Field, constr, validator

from knowledge.gsm7 import JOINED_PART
from knowledge.reading import word_count

Slug = constr(regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")
Text = constr(strip_whitespace=True, min_length=1)

LONGEST_SHORT = 2 * JOINED_PART
"""GSM-7 characters of a topic's short answer: two joined text messages."""

ANSWER_WORDS = (60, 140)
FEWEST_QUESTIONS = 12


class Group(str, Enum):
    """The shelf a topic stands on."""

    ABOUT = "about"
    WALKING = "walking"
    HELP = "help"
    LIVING = "living"
    SAFETY = "safety"


class Status(str, Enum):
    """How far a piece of content has come. Only the last two are shown to patients."""

    DRAFT = "draft"
    RETIRED = "retired"
    AWAITING_SIGN_OFF = "awaiting-sign-off"
    PUBLISHED = "published"


class Content(BaseModel):
    """Base of all content models: unknown fields are mistakes, and nothing changes after loading."""

    class Config:
        extra = Extra.forbid
        frozen = True


class Review(Content):
    """Who last looked at a piece of content, and when it must be looked at again."""

    date: date
    by: Text  # type: ignore[valid-type]
    due: date

    @validator("due")
    def due_after_review(cls, due: date, values: dict[str, date]) -> date:
        if "date" in values and due <= values["date"]:
            raise ValueError("the next review must come after the last one")
        return due


class Topic(Content):
    """One curated subject: the answer in several lengths, what to do next, and how people ask for it."""

    slug: Slug  # type: ignore[valid-type]
    title: Text  # type: ignore[valid-type]
    group: Group
    short: Text  # type: ignore[valid-type]
    simple: Text  # type: ignore[valid-type]
    answer: Text  # type: ignore[valid-type]
    steps: list[Text] = Field(min_items=1, max_items=5)  # type: ignore[valid-type]
    cautions: list[Text] = Field(default_factory=list)  # type: ignore[valid-type]
    questions: list[Text] = Field(min_items=FEWEST_QUESTIONS)  # type: ignore[valid-type]
    related: list[Slug] = Field(min_items=1)  # type: ignore[valid-type]
    sources: list[Slug] = Field(min_items=1)  # type: ignore[valid-type]
    reviewed: Review
    status: Status

    @validator("answer")
    def answer_length(cls, answer: str) -> str:
        words = word_count(answer)
        if not ANSWER_WORDS[0] <= words <= ANSWER_WORDS[1]:
            raise ValueError(f"must have {ANSWER_WORDS[0]} to {ANSWER_WORDS[1]} words, has {words}")
        return answer

    @validator("questions")
    def questions_differ(cls, questions: list[str]) -> list[str]:
        seen: dict[str, str] = {}
        for question in questions:
            key = question.casefold()
            if key in seen:
                raise ValueError(f"'{question}' stands here twice")
            seen[key] = question
        return questions


class Source(Content):
    """Where a fact comes from."""

    title: Text  # type: ignore[valid-type]
    publisher: Text  # type: ignore[valid-type]
    year: int | None = None
    url: str | None = None
    verified: Text  # type: ignore[valid-type]
    note: str | None = None
