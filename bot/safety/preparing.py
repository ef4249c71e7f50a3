"""Prepare the learned view when content changes, and find what was prepared when the process starts.

Solving takes seconds on several hundred megabytes, so it is done by `clonus train`, never while a person waits. When
content has changed since, the newest view there is goes on being used: a little out of date is safer than none.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.safety import curated, learned
from bot.safety.content_check import phrase_problems
from bot.safety.curated import content_files, fingerprint, load_curated
from bot.safety.learned import Encoder, LearnedView, ModelUnreadable, seen_text
from bot.safety.vote import Vote, load_voting
from bot.understanding.encoder import ENCODERS_VERSION
from bot.understanding.meaning import MEANING_VERSION
from bot.understanding.vector_cache import VectorCache
from knowledge.files import ContentError
from knowledge.red_flag_models import RedFlag

logger = logging.getLogger(__name__)

_PREFIX = "danger-"


def kept_path(knowledge: Path, nlu: Path, folder: Path) -> Path:
    """Where the learned view of the content as it is now is kept in `folder`."""
    code = (
        *(learned.FORMAT, learned.MEANING, learned.SPELLING, learned.WORDING, learned.RIDGE, learned.TOLERANCE),
        *(learned.LONGEST, MEANING_VERSION, ENCODERS_VERSION),
        *(curated.CHOICE, curated.MOST_ORDINARY, curated.LONG_WORDS),
    )
    key = f"{fingerprint(content_files(knowledge, nlu))} {code}"
    return folder / f"{_PREFIX}{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"


def prepare(knowledge: Path, nlu: Path, vectors: Callable[[], VectorCache], folder: Path) -> bool:
    """Learn from the curated messages and keep the view in `folder`; False when it was there already.

    `vectors` is only called when something is to be learned. Raises ContentError, naming file and line, for a
    mistake in the content, EncoderBroken when the sentence model is missing, and OSError when `folder` cannot be
    written.
    """
    path = kept_path(knowledge, nlu, folder)
    if path.is_file():
        try:
            LearnedView.load(path)
        except ModelUnreadable:
            path.unlink(missing_ok=True)
        else:
            return False
    unreadable = phrase_problems(knowledge / "red_flags")
    if unreadable:
        raise ContentError(unreadable)
    messages = load_curated(knowledge, nlu)
    view = LearnedView.fit(messages, vectors().vectors([seen_text(message.text) for message in messages]))
    view.save(path)
    for old in folder.glob(f"{_PREFIX}*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
    return True


def load_kept(knowledge: Path, nlu: Path, folder: Path) -> LearnedView:
    """The view of the content as it is now, or else the newest one that can be read.

    Raises ModelUnreadable when there is none.
    """
    right = kept_path(knowledge, nlu, folder)
    others = sorted(folder.glob(f"{_PREFIX}*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [right, *(path for path in others if path != right)]:
        try:
            view = LearnedView.load(path)
        except ModelUnreadable:
            continue
        if path != right:
            logger.warning("The learned view of danger is older than the content. Run: clonus train")
        return view
    raise ModelUnreadable(f"there is no learned view of danger in {folder}. Run: clonus train")


def load_vote(
    knowledge: Path, nlu: Path, folder: Path, encoder: Callable[[], Encoder], categories: Mapping[str, RedFlag]
) -> Vote | None:
    """The vote of rules and learned view; None, with the reason logged, when a part of it is missing or broken."""
    try:
        return Vote(load_voting(knowledge / "red_flags"), load_kept(knowledge, nlu, folder), encoder(), categories)
    except Exception as error:
        logger.error("The safety screen works with its rules alone: %s", error)
        return None
