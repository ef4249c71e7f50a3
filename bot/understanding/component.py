"""Rasa's way in to understanding: NLU components around the reader."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.lang.en.stop_words import STOP_WORDS

from bot.published import build_published
from bot.safety.record import RED_FLAG, interrupts
from bot.safety.text import stem
from bot.settings import settings
from bot.shared import sentence_encoder
from bot.understanding.asked_elsewhere import answered_elsewhere
from bot.understanding.context import Context
from bot.understanding.cutting import asks
from bot.understanding.offers import NEXT_MATTER, WAITING
from bot.understanding.ordinals import means_other, only_chosen
from bot.understanding.plain_text import plain_text
from bot.understanding.reader import Reader
from bot.understanding.reading import ASK, RankedTopic, Reading
from bot.understanding.several import Piece, beside_danger, understand
from bot.understanding.thresholds import Thresholds, load_thresholds
from bot.understanding.tidy import same_words

READING = "reading"
"""Where the reading stands in Rasa's parse data: the fields of Reading, and under "matters" the same for each matter
of a message that has several, with its "text"; under "beside_danger" for each question in a message of a danger."""

CHOOSE, MORE = "choose_option", "ask_more"
"""The intents of taking one of the choices shown, and of going on."""

YES_NO = frozenset({"yes", "no"})
"""Buttons beside what waits, whose words have intents of their own."""

NOTHING_TELLING = STOP_WORDS | {"yes", "yeah", "yep", "nope", "ok", "okay"}
"""Words that name none of the things that wait."""

MOST_CHOICES = 9
"""Choices that are ever shown at once."""

LAST_TOPIC = "last_topic"
"""The slot that holds the topic last told."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class PlainText(GraphComponent):
    """Takes away the leading slashes by which Rasa would read a person's text as a command."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlainText:
        """Rasa's constructor."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Make every message plain text."""
        for message in messages:
            message.set(TEXT, plain_text(message.get(TEXT) or ""))
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class MessageReader(GraphComponent):
    """Says what the person is doing (intent) and which topics the message is about."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        reader: Reader | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader
        self._thresholds = thresholds

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        """Rasa's constructor for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageReader:
        """Rasa's constructor for a trained model."""
        here = settings()
        thresholds = load_thresholds(here.knowledge_folder / "understanding.yml")
        with model_storage.read_from(resource) as folder:
            reader = Reader.load(folder, sentence_encoder(), here.library_path, here.vectors_path, thresholds)
        reader.watch()
        return cls(model_storage, resource, reader, thresholds)

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        """Makes Rasa train again when the library changed, which its own cache cannot see."""
        here = settings()
        return build_published(here).version

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of `data/nlu` and the questions of the library."""
        intents: dict[str, list[str]] = {}
        for example in training_data.intent_examples:
            intents.setdefault(example.get(INTENT), []).append(example.get(TEXT))
        here = settings()
        build_published(here)
        load_thresholds(here.knowledge_folder / "understanding.yml")  # a mistake there is told now, not at the start
        with self._model_storage.write_to(self._resource) as folder:
            Reader.train(intents, sentence_encoder(), here.library_path, here.vectors_path, folder)
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Read every message in its conversation. An alarm found by the safety screen keeps its intent."""
        if self._reader is None or self._thresholds is None:
            raise RuntimeError("the message reader was not loaded")
        elsewhere, details = self._thresholds.asked_elsewhere, self._thresholds.details
        for message in messages:
            reader, context = self._reader, context_of(tracker, self._reader)
            text = message.get(TEXT) or ""
            reading, matters = understand(text, context, reader.read, reader.points_back, reader.several)
            reading = reading if matters else answered_elsewhere(text, context, reading, elsewhere, details)
            chosen = only_chosen(text, MOST_CHOICES) is not None or means_other(text)
            if chosen or is_listed(text, tracker):
                reading = Reading(CHOOSE, 1.0, (), in_scope=False)  # "the first one" may sound like a follow-up
            elif tracker.get_slot(WAITING) and reader.several.asks_for_rest(text):
                reading = Reading(MORE, 1.0, (), in_scope=False)
            elif not matters and tracker.get_slot(WAITING):
                reading = picked(text, tracker.get_slot(WAITING), reader) or reading
            verdict = message.get(RED_FLAG)
            left = beside_danger(text, verdict["matched"], reader.read, reader.several) if interrupts(verdict) else ()
            read = {**asdict(reading), "matters": _plain(matters), "beside_danger": _plain(left)}
            message.set(READING, json.loads(json.dumps(read)), add_to_output=True)
            if not message.get(INTENT):
                name, confidence = (ASK, 1.0) if matters else (reading.intent, reading.confidence)
                intent = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
                message.set(INTENT, intent, add_to_output=True)
        return messages


def _plain(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    return [{"text": piece.text, **asdict(piece.reading)} for piece in pieces]


def is_listed(text: str, tracker: DialogueStateTracker) -> bool:
    """Whether a message names one of the things that were just listed as waiting, some of which are no topics."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered) and event.metadata.get("offer") == NEXT_MATTER:
            titles = {same_words(button["title"]) for button in event.data.get("buttons") or ()}
            return same_words(text) in titles - YES_NO
    return False


def picked(text: str, waiting: Sequence[Mapping[str, Any]], reader: Reader) -> Reading | None:
    """The reading of a message of a few words that names one of the things that wait, in words that the person had used
    for it ("no, the brace") or, read by itself, as its topic ("the sleep one"). None for any other."""
    sure = reader.several
    if asks(text) or len(same_words(text).split()) > sure.words_pick:
        return None
    called = called_so(text, [(matter.get("reading") or {}).get("text") or "" for matter in waiting])
    if called is not None:
        again = reader.read(waiting[called]["reading"]["text"], None)
        slug = waiting[called]["reading"]["topics"][0]["slug"]
        return replace(again, intent=ASK, topics=(RankedTopic(slug, 1.0),), in_scope=True, follow_up=False)
    alone = reader.read(text, None)
    ranked = [(matter.get("reading") or {}).get("topics") or () for matter in waiting]
    slugs = {topics[0]["slug"] for topics in ranked if topics}
    named = [topic for topic in alone.topics if topic.slug in slugs and topic.score >= sure.picked]
    if not named or not (alone.in_scope or named[0].score >= sure.asked):
        return None
    manner = alone.intent if alone.in_scope else ASK
    return replace(alone, intent=manner, topics=(replace(named[0], score=1.0),), in_scope=True, follow_up=False)


def called_so(text: str, before: Sequence[str]) -> int | None:
    """The place of the only one of the texts `before` that holds every telling word of a message; None when the message
    has no telling word, or more than one of them holds all."""
    telling = {stem(word) for word in same_words(text).split() if word not in NOTHING_TELLING}
    holding = [
        place for place, words in enumerate(before) if telling <= {stem(word) for word in same_words(words).split()}
    ]
    return holding[0] if telling and len(holding) == 1 else None


def context_of(tracker: DialogueStateTracker, reader: Reader) -> Context:
    """What a message may lean on: the topic last told; the choices just shown; after a check-in, the topics of its
    result; the message before."""
    topic = tracker.get_slot(LAST_TOPIC)
    offered: tuple[str, ...] | None = None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return Context(topic, offered or (), event.text or "")
        if offered is not None or not isinstance(event, BotUttered):
            continue
        if event.metadata.get("kind") == "result":
            buttons = [button["title"] for button in event.data.get("buttons") or ()]
            offered = tuple(slug for title in buttons if (slug := reader.topic_titled(title)))
            topic = offered[0] if offered else topic
        elif event.metadata.get("topics"):
            offered = tuple(event.metadata["topics"])
    return Context(topic, offered or ())
