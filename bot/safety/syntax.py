"""Sentence structure from spaCy, loaded once and only asked for when a denial must be told from its neighbour."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from bot.safety.text import Message, stem
from bot.spacy_pipeline import load

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def pipeline() -> Any | None:
    """spaCy's tagger and parser; None, with a logged warning, when they cannot be loaded."""
    try:
        return load(["ner"], ["lemmatizer", "attribute_ruler"])
    except Exception:  # the screen must work whatever is broken
        logger.warning("spaCy could not be loaded: denials are judged by word order alone", exc_info=True)
        return None


@lru_cache(maxsize=1)
def dictionary() -> frozenset[str]:
    """Stems of English dictionary words (spaCy's lemma tables, from WordNet); empty when spaCy cannot be loaded."""
    try:
        nlp = pipeline()
        if nlp is None:
            return frozenset()
        lookups = nlp.get_pipe("lemmatizer").lookups
        words: set[str] = set()
        for part in lookups.get_table("lemma_index").values():
            words.update(part)
        for part in lookups.get_table("lemma_exc").values():
            words.update(part)
        return frozenset(stem(str(word).lower()) for word in words)
    except Exception:  # the screen must work whatever is broken
        logger.warning("no dictionary: spelling is mended without one", exc_info=True)
        return frozenset()


class Structure:
    """The dependency structure of one message, addressed by the message's own tokens."""

    def __init__(self, message: Message) -> None:
        """Parse the message; `available` is False when spaCy is not there or failed."""
        self._message = message
        self._doc: Any | None = None
        nlp = pipeline()
        if nlp is not None:
            try:
                self._doc = nlp(message.text)
            except Exception:  # the screen must work whatever is broken
                logger.warning("spaCy failed on a message", exc_info=True)

    @property
    def available(self) -> bool:
        """Whether the structure is known."""
        return self._doc is not None

    def governs(self, negator: tuple[int, int], span: tuple[int, int]) -> bool:
        """Whether the words of `negator` deny the words of `span` (both token ranges of the message)."""
        denying, denied = self._within(negator), self._within(span)
        if not denying or not denied:
            return True
        head = denying[-1].head
        top = self._top(denied)
        if top in (head, *denying):
            return True
        for ancestor in [top, *top.ancestors]:
            if ancestor == head:
                return True
            # A word with a subject of its own starts a statement the denial does not reach.
            if any(child.dep_ in ("nsubj", "nsubjpass") for child in ancestor.children) and ancestor.i > head.i:
                return head in ancestor.subtree and head.i > denied[0].i
        return top in head.ancestors and not any(
            child.dep_ in ("nsubj", "nsubjpass") and head not in child.subtree and child.i > head.i
            for child in top.children
        )

    def _within(self, tokens: tuple[int, int]) -> list[Any]:
        start = self._message.tokens[tokens[0]].start
        end = self._message.tokens[tokens[1] - 1].end
        assert self._doc is not None
        return [word for word in self._doc if word.idx < end and word.idx + len(word) > start and not word.is_punct]

    @staticmethod
    def _top(words: list[Any]) -> Any:
        inside = {word.i for word in words}
        return next((word for word in words if word.head.i not in inside or word.head == word), words[0])
