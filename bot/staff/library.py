"""The built library as it is now, for the console: topics, words, and what they say of the proof."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from dataclasses import dataclass

from bot.settings import Settings
from bot.understanding.sentences import sentences_of
from bot.understanding.tidy import same_words
from knowledge.files import ContentError, load_yaml
from knowledge.library import LibraryMissing, LibraryReader, Passage, TopicEntry

logger = logging.getLogger(__name__)

MOST_PASSAGES = 5000
MOST_SHARED = 6
GROUPS = {
    "about": "About clonus",
    "walking": "Walking",
    "help": "What helps",
    "living": "Living with it",
    "safety": "Safety",
}


@dataclass(frozen=True)
class Shelf:
    """A library that was taken in whole."""

    version: str
    topics: dict[str, TopicEntry]
    passages: list[Passage]
    reader: LibraryReader

    def by_words(self, text: str) -> list[tuple[str, float]]:
        """Topics that share words with `text`, by BM25, best first."""
        scores = self.reader.word_scores(text)
        return sorted(scores.items(), key=lambda item: -item[1])

    def shared_words(self, text: str) -> dict[str, tuple[str, ...]]:
        """The words of `text` that each topic shares, in any of their forms: those that carry meaning, and of those
        first the ones that speak most for the topic."""
        from spacy.lang.en.stop_words import STOP_WORDS  # a second to import, so not when the console starts

        found: dict[str, list[tuple[float, str]]] = {}
        for word in dict.fromkeys(re.findall(r"[^\W_]+", text.casefold())):
            if word not in STOP_WORDS:
                for slug, score in self.reader.word_scores(word, most=MOST_PASSAGES).items():
                    found.setdefault(slug, []).append((score, word))
        return {
            slug: tuple(word for _, word in sorted(words, reverse=True)[:MOST_SHARED]) for slug, words in found.items()
        }


class StaffLibrary:
    """Takes the library in when it is new. Safe for threads."""

    def __init__(self, here: Settings) -> None:
        self._here = here
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._shelf: Shelf | None = None

    def now(self) -> Shelf:
        """The library as it is; the last one when the file cannot be read. Raises LibraryMissing when none ever was."""
        with self._lock:
            try:
                status = self._here.library_path.stat()
                stamp = (status.st_mtime_ns, status.st_ino)
                if stamp != self._stamp or self._shelf is None:
                    reader = LibraryReader(self._here.library_path)
                    self._shelf = Shelf(reader.version, reader.topics(), reader.passages(), reader)
                    self._stamp = stamp
            except (OSError, sqlite3.Error, LibraryMissing):
                if self._shelf is None:
                    LibraryReader(self._here.library_path)
                    raise
                logger.exception("The knowledge base cannot be read; the last one stays in use.")
            assert self._shelf is not None
            return self._shelf

    def proof(self, topic: TopicEntry) -> list[str]:
        """The sentences of a topic that speak of the proof for what it says, word for word."""
        try:
            kinds = load_yaml(self._here.knowledge_folder / "understanding.yml").data["details"]["kinds"]
        except (ContentError, KeyError, TypeError):
            return []
        told = kinds.get("evidence", {}).get("told", [])
        sentences = dict.fromkeys(sentence.told for sentence in sentences_of(topic))
        return [
            sentence
            for sentence in sentences
            if any(f" {phrase} " in f" {same_words(sentence)} " for phrase in map(str, told))
        ]
