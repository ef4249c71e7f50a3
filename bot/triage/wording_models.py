"""How the check-in talks and listens, as typed, frozen models of `knowledge/interview.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Extra, Field, validator

Patterns = tuple[str, ...]
Options = tuple[str, ...]


class Part(BaseModel):
    """Base of all parts: an unknown field is a mistake, and nothing changes after loading."""

    class Config:
        extra = Extra.forbid
        frozen = True
        allow_population_by_field_name = True


class Durations(Part):
    """Seconds by unit, and which option a length in seconds is."""

    units: Mapping[str, int]
    question: str
    up_to_and_with: Mapping[str, int]
    below: Mapping[str, int]
    up_to_and_with_long: Mapping[str, int]
    longer: str


class FallsRead(Part):
    """Words that say how often and how long ago someone fell."""

    question: str
    fall_words: Patterns
    once: Patterns
    more: Patterns
    in_month: Patterns
    in_year: Patterns


class DegreesRead(Part):
    """Words for degrees, and the options they lead to."""

    question: str
    words: Patterns
    ten_or_more: str
    less: str
    below_zero: str


class ReadingWords(Part):
    """The word lists for typed answers."""

    yes: Patterns
    no: Patterns
    soft_no: Patterns
    not_sure: Patterns
    only: Patterns
    none: Patterns
    all: Patterns
    negators: Patterns
    contrast: Patterns
    excepting: Patterns
    filler: Patterns
    numbers: Mapping[int, Patterns]
    quantities: Mapping[str, float]
    questions_start: Patterns
    commands: Mapping[str, Patterns]
    change: Patterns
    change_names: Mapping[str, Patterns]
    light: Patterns
    small_talk: Patterns
    more_than: Patterns
    less_than: Patterns
    not_now: Patterns
    lasting: Patterns
    first_person: Patterns
    reported: Patterns
    bounce_words: Patterns
    bounce_named: Patterns
    bounce_only: Patterns
    ago: Patterns
    durations: Durations
    falls_read: FallsRead
    degrees_read: DegreesRead


class WalkingProblem(Part):
    """A walking problem a check-in can start from; `implies` are the answers it leaves open, `first` is the question
    whose lines stand first on a list."""

    subject: str
    subject_helper: str
    first: str
    says: Patterns
    implies: Mapping[str, Options]


class Item(Part):
    """One line of a list, said alike to the person and to a helper; ticking it leaves these options open for the
    question."""

    id: str
    label: str
    ticks: Mapping[str, Options]
    says: Patterns = ()

    @property
    def question(self) -> str:
        """The one question the item is about."""
        return next(iter(self.ticks))


def _lists_of_options(value: Any) -> Any:
    """ "fine" and ["fine"] are the same."""
    if not isinstance(value, Mapping):
        return value
    return {name: [option] if isinstance(option, str) else option for name, option in value.items()}


class Checklist(Part):
    """Several questions asked as one.

    `absent` is the answer of each question when none of its items is true; where several are named, the one that is
    still open. `details`: asks more about what was picked before. `also`: lists whose items and questions this one
    takes over where they are still open. `last`: comes at the end, for what has not been asked by then.
    """

    text: str
    text_helper: str
    simpler: str
    simpler_helper: str
    example: str
    needs: Mapping[str, str] = Field(default_factory=dict)
    items: tuple[Item, ...]
    absent: Mapping[str, Options]
    details: bool = False
    last: bool = False
    also: tuple[str, ...] = ()

    _one_or_many = validator("absent", pre=True, allow_reuse=True)(_lists_of_options)


class JumpOption(Part):
    """One answer to the question about jumps, and what it says for the two questions it covers."""

    id: str
    label: str
    sets: Mapping[str, str]


class Jump(Part):
    """Clearance and limits for jumps asked as one."""

    covers: tuple[str, ...]
    text: str
    text_helper: str
    simpler: str
    simpler_helper: str
    example: str
    options: tuple[JumpOption, ...]


class GroupWording(Part):
    """A group of signs as said to a helper.

    `kindly`: a line before it, where it holds what is hard to be asked. `left_out`: the words of a sign in both texts,
    taken out where the sign is not read out to this person.
    """

    kindly: str | None = None

    text_helper: str | None = None
    subject: str
    left_out: Mapping[str, str] = Field(default_factory=dict)


class SignWording(Part):
    """A sign as said to a helper."""

    ask_helper: str | None = None
    text_helper: str | None = None


class MaybeSays(Part):
    """A phrase that leaves several options open. `here`: only while the question is on the screen."""

    pattern: str
    options: Options
    here: bool = False


class Detail(Part):
    """How a question is put when only some of its options are still open.

    `options`: labels that answer this text where those of the table do not. What is left out is said as in the whole
    question.
    """

    text: str
    text_helper: str | None = None
    help: str | None = None
    simpler: str | None = None
    simpler_helper: str | None = None
    example: str | None = None
    options: Mapping[str, str] = Field(default_factory=dict)
    options_helper: Mapping[str, str] = Field(default_factory=dict)


class QuestionWording(Part):
    """How a question is said more simply or to a helper, and how its answers are read."""

    subject: str
    text_helper: str | None = None
    simpler: str
    simpler_helper: str | None = None
    example: str
    detail: Detail | None = None
    options_helper: Mapping[str, str] = Field(default_factory=dict)
    yes: Options = ()
    no: Options = ()
    says: Mapping[str, Patterns] = Field(default_factory=dict)
    says_here: Mapping[str, Patterns] = Field(default_factory=dict)
    maybe_says: tuple[MaybeSays, ...] = ()


class Prompts(Part):
    """Short lines between the questions. `{...}` is filled in."""

    yes: str
    no: str
    not_sure: str
    none_of_these: str
    progress: str
    told_me: str
    told_me_join: str
    told_me_fix: str
    was_telling: str
    was_telling_no: str
    was_telling_simpler: str
    several: str
    noted: str
    rest: str
    one_by_one: str
    which_danger: str
    which_same_day: str
    call_today: str
    not_read: tuple[str, str, str]
    contradicted: str
    why_danger: str
    how_long: str
    why_asked: str
    skipped: str
    went_back: str
    nothing_before: str
    changed: str
    changed_later: str
    opened_again: str
    change_which: str
    confirm_back: str
    confirm_back_yes: str
    confirm_back_no: str
    confirm_back_kept: str
    stopped: str
    explained_example: str
    unnamed_danger: str
    not_known: str


class StepNames(Part):
    """Words that name steps of a result: "why a falls check?"."""

    says: Patterns
    steps: tuple[str, ...]


class ResultWords(Part):
    """How questions about a result are understood and answered (bot/triage/result_talk.py).

    `asks`: patterns by question. `only_fresh`: questions so short that they are about the result only right after it.
    `whole_message`: questions that count only when the message holds nothing else. `{...}` is filled in.
    """

    asks: Mapping[str, Patterns]
    only_fresh: tuple[str, ...]
    whole_message: tuple[str, ...]
    steps: tuple[StepNames, ...]
    why_with: str
    why_without: str
    why_levels: Mapping[str, str]
    call_first: str
    because: str
    jumping_open: str
    jumping_closed: Mapping[str, str]
    jumping_later: str
    jumping_first: tuple[str, ...]
    worse: str
    worse_anything_else: str
    bring: str
    bring_things: tuple[str, ...]
    bring_questions: str
    steps_again: str
    whom: str
    call_steps: tuple[str, ...]
    step: str
    step_for_all: str
    in_your_result: str


class AtTheEnd(Part):
    """Steps said after the others: what to do when things change, and how to reach a person."""

    sooner: str
    person: str


class ResultFrame(Part):
    """The headings of a result. `call_for`: the heading of the signs that ask for a call, by their level."""

    why: str
    steps: str
    at_the_end: AtTheEnd
    call_for: Mapping[str, str]


class SummaryWords(Part):
    """The lines around the one-page summary. `{...}` is filled in."""

    yours: str
    asked_first: str
    page: str
    print: str
    back: str
    none_yet: str


class Wording(Part):
    """All of `knowledge/interview.yml`."""

    prompts: Prompts
    reading: ReadingWords
    problems: Mapping[str, WalkingProblem]
    plans: Mapping[str, tuple[str, ...]]
    most_questions: int
    pause_minutes: int
    article: Mapping[str, tuple[str, ...]]
    result: ResultFrame
    result_talk: ResultWords
    summary: SummaryWords
    lists: Mapping[str, Checklist]
    jump: Jump
    groups: Mapping[str, GroupWording]
    group_simpler: Mapping[str, str]
    group_example: Mapping[str, str]
    sign_simpler: str
    sign_example: str
    signs: Mapping[str, SignWording]
    questions: Mapping[str, QuestionWording]
