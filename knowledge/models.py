"""Typed models of the curated content: what a topic and a source must hold."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import TYPE_CHECKING

from pydantic import BaseModel, Extra, Field, constr, validator

from knowledge.gsm7 import JOINED_PART
from knowledge.reading import word_count

if TYPE_CHECKING:
    Slug = str
    Text = str
else:
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

    date: datetime.date
    by: Text
    due: datetime.date

    @validator("due")
    def due_after_review(cls, due: datetime.date, values: dict[str, datetime.date]) -> datetime.date:
        if "date" in values and due <= values["date"]:
            raise ValueError("the next review must come after the last one")
        return due


class Topic(Content):
    """One curated subject: the answer in several lengths, what to do next, and how people ask for it."""

    slug: Slug
    title: Text
    group: Group
    short: Text
    simple: Text
    answer: Text
    steps: list[Text] = Field(min_items=1, max_items=5)
    cautions: list[Text] = Field(default_factory=list)
    questions: list[Text] = Field(min_items=FEWEST_QUESTIONS)
    related: list[Slug] = Field(min_items=1)
    sources: list[Slug] = Field(min_items=1)
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

    title: Text
    publisher: Text
    year: int | None = None
    url: str | None = None
    verified: Text
    note: str | None = None
