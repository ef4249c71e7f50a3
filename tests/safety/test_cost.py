"""What keeps the screen quick: work is done once, and a long message is cut for the vectors, never for the rules."""

from __future__ import annotations

import pytest

from bot.safety import SafetyScreen
from bot.safety.learned import LONGEST, seen_text
from bot.shared import prepare_learned_view, safety_screen, sentence_encoder
from bot.understanding.encoder import SentenceEncoder, Vectors

STORY = "We went to the park and I used my stick all the way. "


@pytest.fixture(scope="module")
def whole() -> SafetyScreen:
    """The screen that the bot uses."""
    prepare_learned_view()
    safety_screen.cache_clear()
    return safety_screen()


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts a vector is computed for, from now on."""
    texts: list[str] = []
    compute = SentenceEncoder.encode

    def counted(self: SentenceEncoder, some: list[str]) -> Vectors:
        texts.extend(some)
        return compute(self, some)

    monkeypatch.setattr(SentenceEncoder, "encode", counted)
    return texts


def test_a_vector_is_computed_once_a_message_and_shared(whole: SafetyScreen, encoded: list[str]) -> None:
    message = "the heron by the canal made my ankle wobble"
    whole.screen(message)
    sentence_encoder().encode_one(seen_text(message))
    assert encoded == [message]


def test_a_frequent_short_answer_is_remembered(whole: SafetyScreen, encoded: list[str]) -> None:
    for _ in range(20):
        whole.screen("not really sure today")
    assert encoded == ["not really sure today"]


def test_a_sure_emergency_is_not_read_a_second_time(whole: SafetyScreen, encoded: list[str]) -> None:
    message = "I can't breathe at all this minute. The heron is by the canal."
    assert whole.screen(message).sure
    assert encoded == [seen_text(message)]


def test_danger_in_the_last_line_of_twenty_thousand_characters_is_found(
    screen: SafetyScreen, whole: SafetyScreen
) -> None:
    message = STORY * (20_000 // len(STORY)) + "And now my face is drooping."
    for one in (screen, whole):
        verdict = one.screen(message)
        assert (verdict.category, verdict.level, verdict.sure) == ("new-stroke", "emergency", True)


def test_danger_in_the_middle_of_a_long_message_is_not_cut_for_the_rules(screen: SafetyScreen) -> None:
    message = STORY * 190 + "My face is drooping. " + STORY * 190
    assert "drooping" not in seen_text(message)
    assert screen.screen(message).category == "new-stroke"


def test_a_long_message_is_cut_for_the_vectors(whole: SafetyScreen, encoded: list[str]) -> None:
    whole.screen("my leg has a long tale to tell, heron and all. " * 400)
    assert encoded
    assert max(map(len, encoded)) <= LONGEST + 1
