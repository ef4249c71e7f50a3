"""Read one message: what the person is doing, and which topics it is about."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.understanding.check_wish import CheckWish
from bot.understanding.context import (
    Context,
    Signs,
    chance_of_staying,
    favoured,
    moved,
    names_another,
    number_of_words,
    points_back,
)
from bot.understanding.denial import denies
from bot.understanding.details import DetailFinder, answers, asks_for_steps
from bot.understanding.encoder import SentenceEncoder, Vectors
from bot.understanding.medicines import asks_to_change
from bot.understanding.reading import (
    ASK,
    FOLLOW_UP,
    MEDICINE_CHANGE,
    NOT_PLACED,
    REPORT,
    START_CHECK,
    RankedTopic,
    Reading,
)
from bot.understanding.sureness import Sureness
from bot.understanding.thresholds import Thresholds
from bot.understanding.tidy import same_words, tidy
from bot.understanding.topic_index import INTENT, TOPIC, TopicIndex, encode_tidied
from bot.understanding.vector_cache import VectorCache
from bot.understanding.weighing import Numbers, Weights, fit_weights, said_outright
from knowledge.library import LibraryReader, is_locked

logger = logging.getLogger(__name__)

REMEMBERED = 512
"""Messages of which is remembered how they fit every class: short answers come again and again."""

WATCH_SECONDS = 1.0
"""How often a running bot looks for a new library."""

MOST_TOPICS = 5

FEW_WORDS = 4
"""Words from which a follow-up can be a personal question: "how long" asks how long what was told takes."""

EXACT = 0.99
"""Score of a topic whose title or question was said word for word."""


class Reader:
    """Reads messages with examples by intent, and the topics of the library."""

    def __init__(
        self,
        intents: Mapping[str, Sequence[str]],
        encoder: SentenceEncoder,
        library_path: Path,
        vectors_path: Path,
        thresholds: Thresholds,
        keep_solution: bool = True,
        before: TopicIndex | None = None,
    ) -> None:
        self._keep_solution = keep_solution
        self._before = before  # an index of mostly the same examples makes the next one quicker
        self._intents = {name: list(texts) for name, texts in intents.items() if name not in (ASK, REPORT)}
        self._manner = {name: list(intents[name]) for name in (ASK, REPORT) if intents.get(name)}
        self._weights = Weights(thresholds.weights.values())
        self._calibrated = self._weights.calibrated(thresholds.calibration)
        self._encoder = encoder
        self._cache = VectorCache(vectors_path, encoder)
        self._library_path = library_path
        self._thresholds = thresholds
        self._features = lru_cache(maxsize=REMEMBERED)(self._work_out_features)
        self._stamp: tuple[int, int] | None = None
        self._watched = False
        self._check_wish = CheckWish(self._intents.get(START_CHECK, ()), thresholds.check_not_after)
        self._leaving = [INTENT + name for name in thresholds.follow_up.leaves if name in self._intents]
        self._load_manner()
        self.refresh()

    @staticmethod
    def train(
        intents: Mapping[str, Sequence[str]],
        encoder: SentenceEncoder,
        library_path: Path,
        vectors_path: Path,
        folder: Path,
    ) -> None:
        """Solve the library's questions and the intents' examples, kept beside the vectors, and write the intents'
        examples to `folder`; the library and the encoder stay where they are."""
        cache = VectorCache(vectors_path, encoder)
        library = LibraryReader(library_path)
        own = {name: texts for name, texts in intents.items() if name not in (ASK, REPORT)}
        TopicIndex(library, own, cache, anew=True)
        library.close()
        data = {"intents": {name: list(texts) for name, texts in intents.items()}}
        (folder / "reader.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(
        cls, folder: Path, encoder: SentenceEncoder, library_path: Path, vectors_path: Path, thresholds: Thresholds
    ) -> Reader:
        """Load what `train` wrote."""
        data = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        return cls(data["intents"], encoder, library_path, vectors_path, thresholds)

    def over(self, library_path: Path) -> Reader:
        """Reads like this one, but with the topics of another library: to see what an edit would change."""
        intents = {**self._intents, **self._manner}
        return Reader(
            intents,
            self._encoder,
            library_path,
            self._cache.path,
            self._thresholds,
            keep_solution=False,
            before=self._before,
        )

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The sentence vectors of messages, shape (texts, 768). Nothing of them is kept on disk."""
        return np.stack([encode_tidied(self._encoder, text) for text in texts])

    @property
    def library_version(self) -> str:
        """The version of the library it reads with."""
        return self._loaded[0].version

    def refresh(self) -> None:
        """Take in the library again when its file was replaced. Keeps the old one when the new one is unreadable."""
        try:
            status = self._library_path.stat()
        except OSError:
            if self._stamp is None:
                LibraryReader(self._library_path)  # raises LibraryMissing with what to do
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return
        try:
            library = LibraryReader(self._library_path)
            index = TopicIndex(library, self._intents, self._cache, keep=self._keep_solution, before=self._before)
            self._before = index
            self._loaded = index, DetailFinder(library.topics(), self._cache, self._thresholds.details)
            self._features.cache_clear()  # it would keep the index before
        except Exception as error:
            if self._stamp is None:
                raise
            logger.exception("The new knowledge base cannot be read; the last one stays in use.")
            if is_locked(error):
                return  # it is tried again: the file will not change when it is let go
        self._stamp = stamp

    def watch(self, seconds: float = WATCH_SECONDS) -> None:
        """From now on look every `seconds` whether the library was replaced, in a thread of its own: no message waits
        while a new one is taken in, and until it is complete the old one answers."""

        def look() -> None:
            while True:
                time.sleep(seconds)
                self.refresh()

        self._watched = True
        threading.Thread(target=look, name="library", daemon=True).start()

    def read(self, text: str, context: Context | None = None) -> Reading:
        """Understand one message, in its conversation when `context` is given. Never raises for any text; an empty one
        is not placed."""
        if not self._watched:
            self.refresh()
        if not same_words(text):
            return Reading("nothing", 1.0, (), in_scope=False)
        index, finder = self._loaded
        vector = encode_tidied(self._encoder, text)
        alone, plain = self._chances(index, text)
        position = {label: column for column, label in enumerate(index.classes)}
        follow_up, last = position.get(INTENT + FOLLOW_UP), None
        stays = 0.0
        if context is not None and TOPIC + (context.topic or "") in position:
            last = position[TOPIC + (context.topic or "")]
            apart = self._thresholds.bare.topics(text) or names_another(
                text, index.words(context.topic or ""), self._thresholds.follow_up
            )  # "rubs" below the brace is asked about as ever; "does alcohol" below jumping asks nothing of that
            if not apart and not self._turns(index, finder, text, vector, alone, context.topic or ""):
                stays = self._stays(index, finder, text, vector, plain, context.topic or "")
        chances = moved(alone, follow_up, last, stays)
        best = int(np.argmax(chances))
        if best != last and float(alone[best]) >= self._thresholds.sure_at:
            chances = moved(alone, follow_up, last, 0.0)  # what surely turns to another thing turns wholly
        offered = [position[TOPIC + slug] for slug in (context.offered if context else ()) if TOPIC + slug in position]
        if offered and not self._names_another(index, alone, offered):
            chances = favoured(chances, offered, self._thresholds.follow_up.offered_times)
        asked_again = context is not None and same_words(text) == same_words(context.before)
        follows = stays >= self._thresholds.follow_up.stays_at and not asked_again
        reading = self._reading(index, finder, text, vector, chances, follows=follows)
        medicines = self._thresholds.medicines
        if context is not None and context.topic in medicines.topics and asks_to_change(text, medicines):
            return Reading(MEDICINE_CHANGE, EXACT, reading.topics, in_scope=False, details=reading.details)
        sounds = float(plain[follow_up]) if follow_up is not None else 0.0
        if last is None and sounds >= self._thresholds.intent_at and not self.answers(reading):
            return Reading(FOLLOW_UP, sounds, reading.topics, in_scope=False)
        return reading

    def _work_out_features(self, index: TopicIndex, text: str) -> Numbers:
        features = index.features(text, encode_tidied(self._encoder, text))
        features.flags.writeable = False  # they are remembered
        return features

    def _chances(self, index: TopicIndex, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The chance of every class for a message alone, and the same before calibration, by which follow-ups are told;
        shape (classes,) each."""
        features = self._features(index, text)
        plain: np.ndarray = self._weights.probabilities(features)
        chances: np.ndarray = self._calibrated.probabilities(features)
        bare = [TOPIC + slug for slug in self._thresholds.bare.topics(text)]
        exact = index.exact(text)
        said = [label for label in bare if label in index.classes] or ([exact] if exact else [])
        if said:
            columns = [index.classes.index(label) for label in said]
            return said_outright(chances, columns, EXACT), said_outright(plain, columns, EXACT)
        return chances, plain

    def _stays(
        self, index: TopicIndex, finder: DetailFinder, text: str, vector: Vectors, alone: np.ndarray, last: str
    ) -> float:
        """The chance that a message stays with the topic last told."""
        rules = self._thresholds.follow_up
        if float(alone[[index.classes.index(label) for label in self._leaving]].sum()) >= rules.leaves_at:
            return 0.0
        signs = self._signs(index, finder, text, vector, alone, last)
        return 1.0 if asks_for_steps(text, self._thresholds.details) else chance_of_staying(signs, rules.weights)

    def _turns(
        self, index: TopicIndex, finder: DetailFinder, text: str, vector: Vectors, alone: np.ndarray, last: str
    ) -> bool:
        """Whether a message turns to another topic: the one last told is on clonus as a whole or has no answer."""
        rules = self._thresholds.follow_up
        surely = rules.turns_at
        if last not in rules.general:
            detail, surely = finder.find(last, text, vector), rules.turns_unanswered_at
            if detail is not None and answers(detail, self._thresholds.details):
                return False
        follow_up = INTENT + FOLLOW_UP
        chances = moved(alone, index.classes.index(follow_up) if follow_up in index.classes else None, None, 0.0)
        best = index.classes[int(np.argmax(chances))]
        return best.startswith(TOPIC) and best != TOPIC + last and float(chances.max()) >= surely

    def _names_another(self, index: TopicIndex, alone: np.ndarray, offered: Sequence[int]) -> bool:
        """Whether a message is, by itself, surely about a topic that is not among the choices on the screen."""
        best = int(np.argmax(alone))
        sure = float(alone[best]) >= self._thresholds.follow_up.turns_at
        return sure and best not in offered and index.classes[best].startswith(TOPIC)

    def _signs(
        self, index: TopicIndex, finder: DetailFinder, text: str, vector: Vectors, alone: np.ndarray, last: str
    ) -> Signs:
        pairs = dict(zip(index.classes, map(float, alone), strict=True))
        detail = finder.find(last, text, vector)
        rules = self._thresholds.follow_up
        own, sounds = pairs.pop(TOPIC + last), pairs.pop(INTENT + FOLLOW_UP, 0.0)
        another = max((label for label in pairs if label.startswith(TOPIC)), key=pairs.__getitem__, default="")
        return Signs(
            sounds_like_one=sounds,
            last_topic_alone=own,
            another_topic=pairs.get(another, 0.0),
            another_intent=max((chance for label, chance in pairs.items() if label.startswith(INTENT)), default=0.0),
            points_back=points_back(text, rules),
            sentence_fits=detail.fit if detail else 0.0,
            another_is_related=another[len(TOPIC) :] in index.related(last),
            words=number_of_words(text),
        )

    def signs(self, text: str, last: str) -> Signs:
        """What speaks for `text` to stay with the topic `last`; the weights are fitted on these.

        Raises KeyError when the library has no such topic.
        """
        index, finder = self._loaded
        vector = encode_tidied(self._encoder, text)
        return self._signs(index, finder, text, vector, self._chances(index, text)[1], last)

    def answers(self, reading: Reading) -> bool:
        """Whether a topic is answered at once, without asking which one is meant."""
        return reading.in_scope and reading.topics[0].score >= self._thresholds.answer_at

    def _reading(
        self, index: TopicIndex, finder: DetailFinder, text: str, vector: Vectors, chances: np.ndarray, *, follows: bool
    ) -> Reading:
        scores = np.round(chances[index.topic_columns].astype(np.float64), 4)
        likeliest = np.argsort(-scores, kind="stable")[:MOST_TOPICS]
        slugs = [index.classes[index.topic_columns[place]][len(TOPIC) :] for place in likeliest]
        top = tuple(RankedTopic(slug, float(scores[place])) for slug, place in zip(slugs, likeliest, strict=True))
        about_clonus = float(scores.sum())
        others = chances.copy()
        others[index.topic_columns] = 0.0
        best = int(np.argmax(others))
        doing, certainty = index.classes[best][len(INTENT) :], float(chances[best])
        if self._check_wish.is_in(text):
            return Reading(START_CHECK, EXACT, top, in_scope=False)
        limits = self._thresholds
        shown = [topic.slug for topic in top[: limits.most_offers] if topic.score >= limits.offer_at]
        details = {slug: found for slug in shown if (found := finder.find(slug, text, vector)) is not None}
        if (follows or about_clonus >= limits.in_scope_at) and top and top[0].score >= limits.offer_at:
            if certainty > top[0].score and certainty >= limits.intent_at:
                return Reading(doing, certainty, top, in_scope=False, details=details)
            manner = self._asks_or_reports(text)
            not_so = tuple(slug for slug in shown if denies(text, index.titles[slug]))
            asked_in_short = follows and number_of_words(text) < FEW_WORDS  # "how long" of what was just told
            personal = None if asked_in_short else self._personal(index, chances)
            return Reading(manner, about_clonus, top, True, follows, details, denied=not_so, personal=personal)
        if certainty >= limits.intent_at:
            return Reading(doing, certainty, top, in_scope=False, details=details)
        return Reading(NOT_PLACED, 1.0 - max(about_clonus, certainty), top, in_scope=False, details=details)

    def _personal(self, index: TopicIndex, chances: np.ndarray) -> str | None:
        """The intent by which a message on a topic may ask what only the person's own clinician can say."""
        pairs = dict(zip(index.classes, map(float, chances), strict=True))
        rules = self._thresholds
        likeliest = max(rules.personal, key=lambda name: pairs.get(INTENT + name, 0.0))
        return likeliest if pairs.get(INTENT + likeliest, 0.0) >= rules.personal_at else None

    @property
    def several(self) -> Sureness:
        """How sure a piece of a message must be to count as a matter of its own."""
        return self._thresholds.several

    def points_back(self, text: str) -> bool:
        """Whether a word in a message may mean what was told before it."""
        return points_back(text, self._thresholds.follow_up)

    def topic_titled(self, title: str) -> str | None:
        """The topic of this title; None when the library has none."""
        return next((slug for slug, words in self._loaded[0].titles.items() if words == title), None)

    def fitted(self) -> Weights:
        """The weights under which each example's own class is likeliest, when it is scored as if it were none."""
        return fit_weights(*self._loaded[0].training_features(self._cache))

    def measured(self, texts: Sequence[str]) -> tuple[Numbers, list[str]]:
        """How messages fit every class, shape (texts, classes, features), and all classes; thresholds and the
        calibration are derived from these."""
        index, _ = self._loaded
        vectors = self._cache.vectors([tidy(text) for text in texts])
        rows = [index.features(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        return np.stack(rows), index.classes

    def title(self, slug: str) -> str | None:
        """The title of a topic; None when the library has no such topic."""
        return self._loaded[0].titles.get(slug)

    def _load_manner(self) -> None:
        texts = [tidy(text) for examples in self._manner.values() for text in examples]
        self._manner_vectors = self._cache.vectors(texts)
        self._manner_is_report = np.array(
            [name == REPORT for name, examples in self._manner.items() for _ in examples], dtype=bool
        )

    def _asks_or_reports(self, text: str) -> str:
        """Whether a message about a topic asks something or tells of a problem: by its five nearest examples."""
        if not len(self._manner_vectors):
            return ASK
        nearest = np.argsort(-(self._manner_vectors @ encode_tidied(self._encoder, text)))[:5]
        return REPORT if self._manner_is_report[nearest].sum() >= 3 else ASK
