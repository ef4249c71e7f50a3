"""Everything curated that replies are drawn from, loaded once a process and taken in again when it changes."""

from __future__ import annotations

import logging
import sqlite3
import time
from functools import lru_cache

from bot.desk.opening_hours import OpeningHours
from bot.published import content_folder
from bot.settings import Settings, settings
from bot.understanding.below_danger import BelowDanger
from bot.understanding.danger_lists import load_danger_lists
from bot.understanding.danger_questions import DangerQuestions
from bot.understanding.thresholds import Thresholds, load_thresholds
from bot.understanding.tidy import same_words
from knowledge.fixed_replies import FixedReply, load_fixed_replies
from knowledge.library import LibraryMissing, LibraryReader, TopicEntry
from knowledge.red_flag_models import ForeignPhrases, RedFlag, load_red_flags
from knowledge.regions import Regions, load_regions

logger = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = 5.0
"""How long a library that could not be read is left alone before it is tried again."""


class Content:
    """Topics, fixed replies, warning signs and regions.

    Fixed replies, warning signs and regions are read at the start, so that nothing can go missing later.
    """

    def __init__(self, here: Settings) -> None:
        folder = content_folder(here)
        self.here = here
        self.fixed: dict[str, FixedReply] = load_fixed_replies(folder / "replies.yml")
        danger = load_red_flags(folder / "red_flags")
        self.red_flags: dict[str, RedFlag] = danger.categories
        self.languages: dict[str, ForeignPhrases] = danger.languages
        self.regions: Regions = load_regions(folder / "regions.yml")
        self.thresholds: Thresholds = load_thresholds(folder / "understanding.yml")
        lists = load_danger_lists(folder)
        self.below_danger: BelowDanger = lists.below_danger
        self.danger_questions: DangerQuestions = lists.danger_questions
        self.staff_hours = (
            OpeningHours.read(here.staff_hours, here.staff_time_zone, here.staff_closed or "")
            if here.staff_hours
            else None
        )
        self._stamp: tuple[int, int] | None = None
        self._looked_at = 0.0
        self._topics: dict[str, TopicEntry] = {}
        self._said: dict[str, str] = {}

    @property
    def topics(self) -> dict[str, TopicEntry]:
        """Every topic by slug, as the library holds them now; the last known ones when it cannot be read.

        Raises LibraryMissing when there never was a readable library.
        """
        if self._stamp is not None and time.monotonic() - self._looked_at < AGAIN_AFTER_SECONDS:
            return self._topics
        try:
            status = self.here.library_path.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            if stamp != self._stamp:
                reader = LibraryReader(self.here.library_path)
                self._topics = reader.topics()
                self._said = {
                    same_words(passage.text): passage.topic
                    for passage in reader.passages()
                    if passage.kind in ("title", "question")
                }
                reader.close()
                self._stamp = stamp
        except (OSError, sqlite3.Error, LibraryMissing):
            if self._stamp is None:
                raise
            self._looked_at = time.monotonic()
            logger.exception("The knowledge base cannot be read; the last one stays in use.")
        return self._topics

    def topic_said(self, words: str) -> str | None:
        """The topic whose title or question is said word for word; None when there is none."""
        return self._said.get(same_words(words)) if self.topics else None

    @property
    def titles(self) -> dict[str, str]:
        """The title of every topic by slug."""
        return {slug: topic.title for slug, topic in self.topics.items()}


@lru_cache(maxsize=1)
def content() -> Content:
    """The content of this process."""
    return Content(settings())
