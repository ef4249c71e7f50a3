"""When a score is high enough, as knowledge/understanding.yml says it.

Apart from what reads messages, so that a process which only draws replies need not load that.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra

from bot.understanding.about_child import ChildWords
from bot.understanding.fear import FearWords
from bot.understanding.sureness import Sureness
from bot.understanding.tidy import same_words
from knowledge.files import ContentError, Document, load_yaml, parse_model

DETAILS_FILE = "details.yml"
"""The sentences that are chosen for details, beside the file of the thresholds."""


class LikenessWeights(BaseModel):
    """What each kind of likeness to a class counts (knowledge/understanding.yml), in the order in which TopicIndex
    measures them; `is_intent` is for classes that are no topic."""

    ridge: float
    nearest: float
    near_three: float
    spelling: float
    words: float
    prose: float
    all_topics: float
    is_intent: float

    class Config:
        extra = Extra.forbid

    def values(self) -> tuple[float, ...]:
        """The weights in that order."""
        return tuple(self.dict().values())


class Calibration(BaseModel):
    """What makes a score a chance (knowledge/understanding.yml): how much sharper scores must be than the weights make
    them, what the likeness to all topics together counts for every topic, and what is added to the score of every class
    that is no topic."""

    sharpness: float
    all_topics: float
    no_topic: float

    class Config:
        extra = Extra.forbid


class FollowUpWeights(BaseModel):
    """How strongly each sign speaks for staying with the last topic, or against it."""

    start: float
    sounds_like_one: float
    last_topic_alone: float
    another_topic: float
    another_intent: float
    points_back: float
    points_back_words: float
    sentence_fits: float
    words: float
    related_points_back: float
    related_unsure: float

    class Config:
        extra = Extra.forbid


class FollowUpRules(BaseModel):
    """How follow-ups are told from new questions (knowledge/understanding.yml)."""

    weights: FollowUpWeights
    stays_at: float
    leaves: list[str]
    leaves_at: float
    general: list[str]
    turns_at: float
    turns_unanswered_at: float
    offered_times: float
    points_back: list[str]
    names: frozenset[str]

    class Config:
        extra = Extra.forbid


class DetailKind(BaseModel):
    """A kind of detail: how it is asked for, and by which words a sentence tells it, or the part that holds it.

    `alone`: a message that asks for it wants that detail even when it is the first on its topic. `decides`: whatever
    else such a message names, the sentence chosen for this kind answers it.
    """

    asked: list[str]
    told: list[str] = []
    section: Literal["steps", "cautions"] | None = None
    alone: bool = False
    decides: bool = False

    class Config:
        extra = Extra.forbid


class DetailRules(BaseModel):
    """How details are found (knowledge/understanding.yml).

    `chosen`: the sentence that tells a kind of detail best, by topic and kind (knowledge/details.yml).
    """

    say_at: float
    nearest_at: float
    alone_at: float
    also_within: float
    meaning_apart: float
    words: float
    kind: float
    told_first: float
    chosen_first: float
    named: float
    general: list[str]
    yes_or_no: list[str]
    kinds: dict[str, DetailKind]
    chosen: dict[str, dict[str, str]] = {}

    class Config:
        extra = Extra.forbid


class _ChosenSentences(BaseModel):
    """The content of knowledge/details.yml."""

    __root__: dict[str, dict[str, str]]


class AskedElsewhere(BaseModel):
    """Ways to ask one thing, without words that stand beside, and the topic that answers it; with `kind`
    its chosen sentence of that kind (knowledge/details.yml)."""

    words: frozenset[str]
    topic: str
    kind: str | None = None

    class Config:
        extra = Extra.forbid


class ElsewhereRules(BaseModel):
    """Short questions that any of some topics may be asked, and which topic answers them."""

    topics: frozenset[str]
    besides: frozenset[str]
    asked: list[AskedElsewhere]

    class Config:
        extra = Extra.forbid


class MedicineRules(BaseModel):
    """The topics after which "it" may be a medicine, and the words for changing one."""

    topics: list[str]
    changes: list[str]

    class Config:
        extra = Extra.forbid


class BareWords(BaseModel):
    """Words that name a part of the body or a complaint and nothing else: which topics are then offered as choices, and
    what may stand before such a word and tells no more."""

    before: list[str]
    choices: dict[str, list[str]]

    class Config:
        extra = Extra.forbid

    def topics(self, text: str) -> list[str]:
        """The topics to offer for a message of such a word alone, the likeliest first; none for any other message."""
        words = same_words(text).split()
        while len(words) > 1 and words[0] in self.before:
            words = words[1:]
        return self.choices.get(" ".join(words), [])


class Thresholds(BaseModel):
    """When a score is high enough (see knowledge/understanding.yml)."""

    answer_at: float
    sure_at: float
    told_plainly: frozenset[str]
    alone_at: float
    offer_at: float
    suggest_at: float
    most_offers: int
    in_scope_at: float
    intent_at: float
    personal: list[str]
    personal_at: float
    check_not_after: frozenset[str]
    asked_elsewhere: list[ElsewhereRules]
    weights: LikenessWeights
    calibration: Calibration
    follow_up: FollowUpRules
    details: DetailRules
    several: Sureness
    bare: BareWords
    medicines: MedicineRules
    child: ChildWords
    fear: FearWords

    class Config:
        extra = Extra.forbid


def load_thresholds(path: Path) -> Thresholds:
    """The thresholds in a file, with the chosen sentences of details.yml, if that stands beside it.

    Raises knowledge.files.ContentError when the file is missing or one of them is malformed.
    """
    thresholds = parse_model(load_yaml(path), Thresholds)
    beside = path.with_name(DETAILS_FILE)
    if not beside.is_file():
        return thresholds
    chosen = _chosen(load_yaml(beside), thresholds.details.kinds)
    return thresholds.copy(update={"details": thresholds.details.copy(update={"chosen": chosen})})


def _chosen(document: Document, kinds: Collection[str]) -> dict[str, dict[str, str]]:
    chosen = parse_model(document, _ChosenSentences).__root__
    wrong = [
        document.problem(f"{slug}: there is no kind of detail called '{kind}' in understanding.yml", slug, kind)
        for slug, sentences in chosen.items()
        for kind in sentences
        if kind not in kinds
    ]
    if wrong:
        raise ContentError(wrong)
    return chosen
