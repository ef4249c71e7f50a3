"""Typed models of the danger content: the 29 categories, their rules, and the words shared between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import Field, validator

from knowledge.files import ContentError, Problem, load_yaml, parse_model
from knowledge.models import Content, Review, Slug, Text

SHARED_FOLDER = "shared"
MOST_POINTS = 6
"""Instruction points a person is given at most (reading rule worst-wins of the clinical source)."""


class Level(str, Enum):
    """How soon help is needed; the words are fixed for the whole project."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    SOON = "soon"
    SELF_CARE = "self-care"

    @property
    def rank(self) -> int:
        """3 for an emergency down to 0 for self-care."""
        return {"emergency": 3, "urgent": 2, "soon": 1, "self-care": 0}[self.value]


class ConceptKind(str, Enum):
    """How the surrounding words may silence a concept."""

    SIGN = "sign"
    """Something felt or seen: silenced when denied, past, imagined, asked about, usual or a figure of speech."""
    STANDING = "standing"
    """A sign that counts even when it has been so for a long time, such as thoughts of suicide."""
    SETTING = "setting"
    """A background such as a pump or pregnancy: silenced when denied, imagined or asked about in general."""
    MARK = "mark"
    """A word that changes others, such as "sudden" or "worse": silenced only when denied."""


class LevelRule(Content):
    """One line of the clinical source: which level when."""

    when: Text
    level: Level
    first_contact: Text | None = None


class NotThis(Content):
    """A look-alike that must not raise the category."""

    kind: Text
    text: Text


class Concept(Content):
    """One idea and the many ways people put it, in the phrase language described in shared/README.md.

    `remembered_hours`: how long a sentence that tells it holds for the messages after it; None: for its own message.
    `of_another`: it tells of somebody else than the writer, such as a baby: nothing is made of the writer's own signs.
    """

    kind: ConceptKind = ConceptKind.SIGN
    phrases: list[Text] = Field(default_factory=list)
    includes: list[Slug] = Field(default_factory=list)
    remembered_hours: float | None = Field(default=None, gt=0)
    of_another: bool = False


class Rule(Content):
    """A combination of concepts that raises a category.

    It fires when something in `says` (if given) and every concept in `all`, and at least `at_least` of the concepts in
    `any`, are found and not silenced, and no concept in `none` is found. With `whole_message` nothing else may be said:
    such a bare word ("numb") is a danger only if it is new, so it is met with a check question of its own.
    `always_asked`: where nothing in the message speaks against it, it is asked about however harmless the learned view
    finds the message. `only_calls`: it hears no sign but that help is wanted, which adds nothing to an open emergency.
    """

    id: Slug
    level: Level
    sure: bool = True
    says: list[Text] = Field(default_factory=list)
    all: list[Slug] = Field(default_factory=list)
    any: list[Slug] = Field(default_factory=list)
    at_least: int = Field(default=1, ge=1)
    none: list[Slug] = Field(default_factory=list)
    same_sentence: bool = False
    whole_message: bool = False
    past_counts: bool = False
    standing: bool = False
    always_asked: bool = False
    only_calls: bool = False

    @validator("any", always=True)
    def asks_for_something(cls, any_of: list[str], values: dict[str, object]) -> list[str]:
        if not any_of and not values.get("says") and not values.get("all"):
            raise ValueError("a rule needs says, all or any")
        return any_of

    @validator("whole_message")
    def is_asked_about(cls, whole: bool, values: dict[str, object]) -> bool:
        if whole and values.get("sure"):
            raise ValueError("a rule for a whole message leads to a question: it needs sure: false")
        return whole


class Saying(Content):
    """What a person is told at one level that is not the category's usual one."""

    say: list[Text] = Field(min_items=1, max_items=MOST_POINTS)
    short: Text

    @validator("short")
    def names_the_number(cls, short: str) -> str:
        return _with_number(short)


def _with_number(text: str) -> str:
    if "{emergency}" not in text:
        raise ValueError("the text must name {emergency}")
    return text


class RedFlag(Content):
    """One category of danger: what it is, what to say, and the rules that find it.

    `thinking_of` says in the check question what is meant; nothing where somebody may look on. `settled`: the level
    once a person says that all of it has passed, where the source has one. `once_over`: what to do in an emergency
    whose signs are said to have stopped, but which stays one; `stays_open`: that they have is never believed.
    `again`: what is said in turn to further messages of the same danger; nothing: what all dangers say. `acted`:
    what to do when a person says that something was done. `of_another`: what is said to a person who tells that it
    is about somebody else. `never`: phrases, in plain words, by which a person says that it cannot be this danger.
    `touches`: topics that a message shortly afterwards only seems to ask for, such as fear. `instead`: the danger's
    own words for fixed replies, by the name of the reply (knowledge/replies.yml).
    """

    slug: Slug
    title: Text
    order: int = Field(ge=1)
    level: Level
    level_rules: list[LevelRule] = Field(min_items=1)
    signs: list[Text] = Field(min_items=1)
    what_it_may_be: Text
    why_it_matters: Text
    first_contact: Text | None = None
    thinking_of: Text | None = None
    say: list[Text] = Field(min_items=1, max_items=MOST_POINTS)
    short: Text
    do_not: list[Text] = Field(default_factory=list)
    at: dict[Level, Saying] = Field(default_factory=dict)
    settled: Level | None = None
    once_over: list[Text] = Field(default_factory=list, max_items=MOST_POINTS)
    stays_open: bool = False
    again: list[Text] = Field(default_factory=list)
    acted: list[Text] = Field(default_factory=list, max_items=MOST_POINTS)
    of_another: Text | None = None
    never: list[Text] = Field(default_factory=list)
    touches: list[Slug] = Field(default_factory=list)
    instead: dict[Slug, Text] = Field(default_factory=dict)
    quiet: bool = False
    not_this: list[NotThis] = Field(min_items=1)
    example_messages: list[Text] = Field(min_items=1)
    sources: list[Slug] = Field(min_items=1)
    notes: list[Text] = Field(default_factory=list)
    reviewed: Review
    status: Text
    concepts: dict[str, Concept] = Field(default_factory=dict)
    rules: list[Rule] = Field(min_items=1)

    @validator("short")
    def names_the_number(cls, short: str) -> str:
        return _with_number(short)

    @validator("again", each_item=True)
    def names_the_number_again(cls, again: str) -> str:
        return _with_number(again)

    @validator("quiet", always=True)
    def names_itself_unless_quiet(cls, quiet: bool, values: dict[str, Any]) -> bool:
        if quiet == bool(values.get("thinking_of")):
            raise ValueError("thinking_of is needed, unless quiet: true")
        return quiet

    @validator("settled")
    def says_what_to_do(cls, settled: Level | None, values: dict[str, Any]) -> Level | None:
        if settled is not None and settled not in values.get("at", {}):
            raise ValueError(f"settled is {settled.value}, and what to do then is missing under at")
        return settled

    def points_at(self, level: str) -> list[str]:
        """What to say at `level`, in order; an emergency starts with the point that names the number to call.

        Raises ValueError for an unknown level.
        """
        own = self.at.get(Level(level))
        points = [str(point) for point in (own.say if own else self.say)]
        if Level(level) is Level.EMERGENCY and self.level is not Level.EMERGENCY and not own:
            call = next((point for point in points if point.startswith("Call {emergency}")), None)
            if call:
                points = [call, *(point for point in points if point != call)]
        return points

    def has_settled_at(self, level: str) -> bool:
        """Whether this level tells of a danger that has passed."""
        return self.settled is not None and self.settled.value == level

    def short_at(self, level: str) -> str:
        """The one text message for `level`. Raises ValueError for an unknown level."""
        own = self.at.get(Level(level))
        return str(own.short if own else self.short)


class Words(Content):
    """Vocabulary shared by all phrases."""

    groups: dict[str, list[Text]]
    short_forms: dict[str, Text]
    misspellings: dict[str, Text]
    forms: dict[str, list[Text]]
    leave_alone: list[Text]


class Concepts(Content):
    """Concepts that several categories use."""

    concepts: dict[str, Concept]


class ContextCues(Content):
    """Words that tell whether a sign is denied, past, imagined, asked about, usual or a figure of speech."""

    negators: list[Text]
    negators_after: list[Text]
    not_a_denial: list[Text]
    scope_ends: list[Text]
    past: list[Text]
    present: list[Text]
    lasting: list[Text]
    that_was_past: list[Text]
    hypothetical: list[Text]
    condition: list[Text]
    not_hypothetical: list[Text]
    general_question: list[Text]
    figure_of_speech: list[Text]
    usual: list[Text]
    usual_self: list[Text]
    usual_whole_message: list[Text]
    change: list[Text]
    not_lived: list[Text]
    about_this_chat: list[Text]
    question_openers: list[Text]
    somebody: list[Text]
    things: list[Text]
    animals: list[Text]
    everyday_reason: list[Text]
    told_of_another: list[Text]
    own_body: list[Text]
    small_words: list[Text]


class ForeignPhrases(Content):
    """Plain emergency words of one language, by category, and the two-language notice's own half. `past_before` and
    `past_after`: words that, right before or after a stroke that is named, make it one of the past."""

    language: Text
    notice: Text
    number_unknown: Text
    past_before: list[Text] = Field(default_factory=list)
    past_after: list[Text] = Field(default_factory=list)
    phrases: dict[str, list[Text]]


class Languages(Content):
    """Languages other than English."""

    languages: dict[str, ForeignPhrases]


@dataclass(frozen=True)
class RedFlagLibrary:
    """Everything in the danger folder, checked: categories by slug, shared concepts and words."""

    categories: dict[str, RedFlag]
    concepts: dict[str, Concept]
    words: Words
    cues: ContextCues
    languages: dict[str, ForeignPhrases]


def load_red_flags(folder: Path) -> RedFlagLibrary:
    """Read the danger folder: one file a category, and what they share in `shared/`.

    Raises ContentError with every problem found, each with file and line.
    """
    problems: list[Problem] = []
    categories: dict[str, RedFlag] = {}
    shared = folder / SHARED_FOLDER
    concepts = dict(parse_model(load_yaml(shared / "concepts.yml"), Concepts).concepts)
    words = parse_model(load_yaml(shared / "words.yml"), Words)
    cues = parse_model(load_yaml(shared / "context.yml"), ContextCues)
    languages = parse_model(load_yaml(shared / "languages.yml"), Languages).languages
    documents = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            document = load_yaml(path)
            flag = parse_model(document, RedFlag)
        except ContentError as error:
            problems += error.problems
            continue
        if flag.slug != path.stem:
            problems.append(document.problem(f"slug: must be the file's name, '{path.stem}'", "slug"))
        documents[flag.slug] = document
        categories[flag.slug] = flag
    for slug, flag in categories.items():
        for name in flag.concepts:
            if name in concepts:
                problems.append(documents[slug].problem(f"concept '{name}' is already defined", "concepts", name))
        concepts.update(flag.concepts)
    for slug, flag in categories.items():
        seen: set[str] = set()
        for number, rule in enumerate(flag.rules):
            if rule.id in seen:
                problems.append(
                    documents[slug].problem(f"rule id '{rule.id}' stands here twice", "rules", number, "id")
                )
            seen.add(rule.id)
            for name in (*rule.all, *rule.any, *rule.none):
                if name not in concepts:
                    problems.append(documents[slug].problem(f"unknown concept '{name}'", "rules", number))
    for name, concept in concepts.items():
        for other in concept.includes:
            if other not in concepts:
                problems.append(Problem(folder, 1, f"concept '{name}' includes unknown '{other}'"))
    for language, foreign in languages.items():
        for slug in foreign.phrases:
            if slug not in categories:
                problems.append(Problem(shared / "languages.yml", 1, f"{language}: unknown category '{slug}'"))
    if not categories and not problems:
        problems.append(Problem(folder, 1, "no category files found"))
    if problems:
        raise ContentError(problems)
    return RedFlagLibrary(categories, concepts, words, cues, languages)
