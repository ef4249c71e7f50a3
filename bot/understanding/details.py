"""Find the sentence of a topic that answers what was asked, word for word as it was written.

A sentence fits by meaning (with what all sentences of its topic share taken out), by shared words, and by telling the
kind of thing that was asked for: a time for "how long", a person for "who".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from spacy.lang.en.stop_words import STOP_WORDS

from bot.safety.text import stem
from bot.understanding.encoder import Vectors
from bot.understanding.sentences import Sentence, sentences_of, split
from bot.understanding.thresholds import DetailRules
from bot.understanding.tidy import same_words, tidy
from bot.understanding.vector_cache import VectorCache
from knowledge.library import TopicEntry

Numbers = NDArray[np.float32]

NUMBER = "#"
"""Stands for any number in the content's phrases."""

NUMBER_WORDS = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])

TELLING_TIMES = 2
"""A word that no more sentences of a topic have tells which of them is asked for."""

NAMED_TIMES = 3
"""What more sentences of a topic name is what the topic is about, and no answer by itself."""

LEAST_SHARED = 4.0
"""Shared words count in full only when the question has words of this rarity to share."""


@dataclass(frozen=True)
class Detail:
    """What a topic says to a question: the kinds of thing asked for, and the best sentences with how well they fit.

    `yes_or_no`: the message can be answered with a yes or a no, so it asks for one thing and not for the topic.
    """

    kinds: tuple[str, ...]
    sentences: tuple[str, ...]
    fit: float
    yes_or_no: bool = False


def answers(detail: Detail, rules: DetailRules) -> bool:
    """Whether a topic answers what is asked of it: by a sentence, or by its steps or cautions."""
    parts = any(rules.kinds[kind].section for kind in detail.kinds if kind in rules.kinds)
    return parts or detail.fit >= rules.say_at


def asks_for_steps(text: str, rules: DetailRules) -> bool:
    """Whether a message says nothing but that it wants the steps of what was told: "how do I stop it"."""
    said = same_words(text)
    return any(said in kind.asked for kind in rules.kinds.values() if kind.section == "steps")


@dataclass(frozen=True)
class _Told:
    """The sentences of one topic, made ready to be searched. Arrays have one row a sentence."""

    sentences: Sequence[Sentence]
    shared: Vectors
    apart: Vectors
    stems: Sequence[frozenset[str]]
    rarity: Mapping[str, float]
    kinds: Sequence[frozenset[str]]
    first: Numbers
    telling: frozenset[str]
    chosen: Mapping[str, int]


class DetailFinder:
    """Finds details in the topics of a library. Vectors come from `cache`, so only new sentences are encoded."""

    def __init__(self, topics: Mapping[str, TopicEntry], cache: VectorCache, rules: DetailRules) -> None:
        self._rules = rules
        self._general = _stems(" ".join(rules.general))
        found = {slug: sentences_of(topic) for slug, topic in topics.items()}
        every = [sentence for sentences in found.values() for sentence in sentences]
        vectors = cache.vectors([tidy(sentence.text) for sentence in every])
        self._topics: dict[str, _Told] = {}
        start = 0
        for slug, sentences in found.items():
            own = vectors[start : start + len(sentences)]
            self._topics[slug] = self._made_ready(sentences, own, rules.chosen.get(slug, {}))
            start += len(sentences)

    def kinds_asked(self, text: str) -> tuple[str, ...]:
        """The kinds of detail that a message asks for, in the order of the content."""
        said = f" {same_words(text)} "
        return tuple(
            name for name, kind in self._rules.kinds.items() if any(f" {phrase} " in said for phrase in kind.asked)
        )

    def find(self, slug: str, text: str, vector: Vectors) -> Detail | None:
        """The sentences of a topic that fit `text`, with its sentence `vector` of shape (384,), best first.

        A second one is among them only when it fits nearly as well. None when the library has no such topic.
        """
        told = self._topics.get(slug)
        if told is None:
            return None
        kinds = self.kinds_asked(text)
        fits = self._fits(told, kinds, text, vector)
        order = np.argsort(-fits, kind="stable")
        best = float(fits[order[0]])
        chosen = [told.sentences[order[0]].told]
        for place in order[1:2]:
            near = best - float(fits[place]) <= self._rules.also_within
            words = told.sentences[place].told
            if near and set(split(words)).isdisjoint(split(chosen[0])):
                chosen.append(words)
        return Detail(kinds, tuple(chosen), round(best, 4), yes_or_no=self._asks_yes_or_no(text))

    def _asks_yes_or_no(self, text: str) -> bool:
        first = same_words(text).split()[:1]
        return bool(first) and first[0] in self._rules.yes_or_no

    def _fits(self, told: _Told, kinds: Sequence[str], text: str, vector: Vectors) -> Numbers:
        rules = self._rules
        apart = _without(vector[None, :], told.shared, rules.meaning_apart)[0]
        fits = told.apart @ apart + rules.told_first * told.first
        asked = _stems(text)
        weight = {word: told.rarity.get(word, told.rarity[""]) for word in asked}
        most = max(sum(weight.values()), LEAST_SHARED)
        fits += rules.words * np.array(
            [sum(weight[word] for word in asked & stems) / most for stems in told.stems], dtype=np.float32
        )
        wanted = {name for name in kinds if rules.kinds[name].told}
        if wanted:
            fits += rules.kind * np.array([len(wanted & has) / len(wanted) for has in told.kinds], dtype=np.float32)
        chosen = [told.chosen[name] for name in kinds if name in told.chosen]
        of_kinds = self._kind_stems(kinds)
        if self._asks_yes_or_no(text):
            fits += rules.named * self._all_named(told, asked - of_kinds - self._general)
        telling = (asked & told.telling) - of_kinds
        for row in set(chosen):
            if telling <= told.stems[row]:  # "how long till it fades" asks for what another sentence tells
                fits[row] += rules.chosen_first * len(chosen) / len(kinds)  # "how much does it cost" asks for more
        for name in kinds:
            if rules.kinds[name].decides and name in told.chosen:
                fits[told.chosen[name]] = 1.0  # "a beer with the tizanidine" is not of the liver
        return np.asarray(fits, dtype=np.float32)

    def _all_named(self, told: _Told, asked: frozenset[str]) -> Numbers:
        """1 for the sentences that name everything a question asks about, if they are few; 0 for all others."""
        naming = np.array([bool(asked) and asked <= stems for stems in told.stems], dtype=np.float32)
        return naming if naming.sum() <= NAMED_TIMES else np.zeros_like(naming)

    def _kind_stems(self, kinds: Sequence[str]) -> frozenset[str]:
        """The words by which these kinds are asked for, without their endings."""
        return frozenset().union(*(_stems(phrase) for name in kinds for phrase in self._rules.kinds[name].asked))

    def _made_ready(self, sentences: Sequence[Sentence], vectors: Vectors, chosen: Mapping[str, str]) -> _Told:
        places = {sentence.text: place for place, sentence in enumerate(sentences)}
        stems = [_stems(sentence.text) for sentence in sentences]
        count = Counter(word for words in stems for word in words)
        rarity = {word: math.log((len(sentences) + 1) / (times + 1)) for word, times in count.items()}
        rarity[""] = math.log(len(sentences) + 1)
        shared = vectors.mean(axis=0)
        return _Told(
            sentences,
            shared,
            _without(vectors, shared, self._rules.meaning_apart),
            stems,
            rarity,
            [self._kinds_told(sentence.told) for sentence in sentences],
            np.array([sentence.part in ("short", "steps") for sentence in sentences], dtype=np.float32),
            frozenset(word for word, times in count.items() if times <= TELLING_TIMES),
            # a sentence that an edit took out of the topic is chosen no more
            {name: places[text] for name, text in chosen.items() if text in places},
        )

    def _kinds_told(self, text: str) -> frozenset[str]:
        words = [NUMBER if word.isdigit() or word in NUMBER_WORDS else word for word in same_words(text).split()]
        said = f" {' '.join(words)} "
        return frozenset(
            name
            for name, kind in self._rules.kinds.items()
            if any(f" {phrase} " in said or f" {phrase}s " in said for phrase in kind.told)
        )


@lru_cache(maxsize=64)  # one message is held against several topics
def _stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    return frozenset(stem(word) for word in same_words(text).split() if word not in STOP_WORDS and not word.isdigit())


def _without(vectors: Vectors, shared: Vectors, share: float) -> Vectors:
    """Vectors of shape (n, 384) with that share of `shared` taken out along its direction, and of length 1."""
    along = (vectors @ shared) / float(shared @ shared)
    rest = vectors - share * np.outer(along, shared)
    result: Vectors = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)
    return result
