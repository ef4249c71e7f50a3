"""The real sentence encoder, loaded once."""

from __future__ import annotations

import pytest

from bot.shared import sentence_encoder
from bot.understanding.encoder import SentenceEncoder


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The encoder the bot uses."""
    return sentence_encoder()
