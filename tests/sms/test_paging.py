"""Long replies as texts that each fit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.sms.paging import ROOM_FOR_PLACE, numbered, pages
from bot.channels.sms.segments import fits

SENTENCES = "The foot bounces. Put the heel down, and wait! Is it still there?\n- Call a doctor: today. "
WORDY = st.lists(
    st.sampled_from(["foot", "heel.", "a,", "(b)", "€", "supercalifragilistic" * 20]), min_size=1, max_size=60
)


def framed(text: str) -> str:
    """Room for a place, and a word at the end."""
    return f"{ROOM_FOR_PLACE}{text} Reply MORE."


def test_a_text_that_fits_stays_whole() -> None:
    assert pages("Short.", lambda text: text, framed) == ["Short."]


def test_cuts_are_between_sentences_and_nothing_is_lost() -> None:
    found = pages(SENTENCES * 8, lambda text: text, lambda text: text)
    assert " ".join(found).split() == (SENTENCES * 8).split()
    assert all(fits(page) for page in found)
    assert all(page[-1] in ".!?:" for page in found)
    assert len(found) == 3


@settings(deadline=None, max_examples=50)
@given(WORDY)
def test_every_page_fits_with_all_around_it_and_no_word_is_lost(words: list[str]) -> None:
    found = pages(" ".join(words), framed, framed)
    assert all(fits(page) for page in found)
    unframed = "".join(page.removeprefix(ROOM_FOR_PLACE).removesuffix("Reply MORE.") for page in found)
    assert "".join(unframed.split()) == "".join(words)


def test_an_end_that_has_no_room_gets_a_page_of_its_own() -> None:
    found = pages("x" * 300, lambda text: f"{text}{'y' * 200}", lambda text: text)
    assert found == ["x" * 300, "y" * 200]


def test_places_are_written_only_where_there_are_several() -> None:
    assert numbered(["a"]) == ["a"]
    assert numbered(["a", "b"]) == ["(1/2) a", "(2/2) b"]
