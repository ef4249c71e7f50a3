"""The names and places that spaCy sees in a text, and the words that are none."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from bot.deidentify import NAME, PLACE, Span, Vocabulary, deidentified
from bot.safety.text import stem
from bot.settings import settings
from bot.spacy_pipeline import load
from knowledge.library import LibraryReader

LABELS = {"PERSON": NAME, "NORP": NAME, "GPE": PLACE, "LOC": PLACE, "FAC": PLACE, "ORG": PLACE}

_WORDS = re.compile(r"[^\W\d_]+")
_WITH_A_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][^\W\d_]*|[A-Z]{2,}")
"""A word with a capital inside a sentence, or of capitals: "Botox", "NHS"."""


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    """spaCy's recognizer of names. Raises whatever stops it from loading: without it no message may be kept."""
    return load(["tagger", "parser", "attribute_ruler", "senter", "tok2vec"], ["lemmatizer"])


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Stems of English dictionary words (spaCy's lemma tables, from WordNet)."""
    lookups = _pipeline().get_pipe("lemmatizer").lookups
    words: set[str] = set(_pipeline().Defaults.stop_words)
    for table in ("lemma_index", "lemma_exc"):
        for part in lookups.get_table(table).values():
            words.update(map(str, part))
    return frozenset(stem(word.lower()) for word in words)


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    """The words of the library as it was when this was first asked for, and of the dictionary."""
    library = LibraryReader(settings().library_path)
    try:
        prose = [passage.text for passage in library.passages() if passage.kind != "question"]
    finally:
        library.close()
    words = {word.casefold() for text in prose for word in _WORDS.findall(text)}
    terms = {word.casefold() for text in prose for word in _WITH_A_CAPITAL.findall(text)}
    return Vocabulary(
        frozenset(words),
        frozenset(terms),
        frozenset(_pipeline().Defaults.stop_words),
        lambda word: stem(word) in _english(),
    )


def spans_of(text: str) -> Collection[Span]:
    """Names and places in a text as it was written, and as it would be with capitals when it has none."""
    seen = [text, text.title()] if text.islower() or text.isupper() else [text]
    return [
        (entity.start_char, entity.end_char, LABELS[entity.label_])
        for version in seen
        for entity in _pipeline()(version).ents
        if entity.label_ in LABELS
    ]


def without_identifiers(text: str) -> str:
    """`text` without what could tell who wrote it."""
    return deidentified(text, spans_of, _vocabulary())
