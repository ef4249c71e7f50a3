"""The heavy, read-only parts that every piece of one process shares: loaded at first use, once."""

from __future__ import annotations

from functools import lru_cache

from bot.published import content_folder
from bot.safety import SafetyScreen
from bot.safety.preparing import load_vote, prepare
from bot.safety.vote import Vote
from bot.settings import ROOT, settings
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.vector_cache import VectorCache
from knowledge.red_flag_models import RedFlagLibrary, load_red_flags

NLU_FOLDER = ROOT / "data" / "nlu"


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The one sentence encoder; a vector is computed once a message and remembered."""
    return SentenceEncoder()


@lru_cache(maxsize=1)
def safety_screen() -> SafetyScreen:
    """The one safety screen: its rules, and the learned view that votes with them when it is there."""
    library = load_red_flags(content_folder(settings()) / "red_flags")
    return SafetyScreen(library, second_opinion=learned_vote(library))


def learned_vote(library: RedFlagLibrary) -> Vote | None:
    """The vote with the learned view; None, with the reason logged, when a part of it is missing or broken."""
    here = settings()
    return load_vote(content_folder(here), NLU_FOLDER, here.vectors_path.parent, sentence_encoder, library.categories)


def prepare_learned_view() -> bool:
    """Learn what danger looks like from the content as it is now; False when that was done already.

    Raises ContentError, EncoderBroken and OSError.
    """
    here = settings()

    def vectors() -> VectorCache:
        return VectorCache(here.vectors_path, sentence_encoder())

    return prepare(content_folder(here), NLU_FOLDER, vectors, here.vectors_path.parent)
