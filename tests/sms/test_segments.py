"""Segments: how a text is encoded, cut and charged, as 3GPP TS 23.038 and 23.040 give it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.sms.segments import Encoding, Segmented, encoding_of, fits, segment_count, segmented, transliterated
from knowledge.gsm7 import BASIC, EXTENDED

GSM7_TEXTS = st.text(st.sampled_from(sorted(BASIC | EXTENDED)), max_size=700)
ANY_TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize("char", sorted(BASIC))
def test_every_basic_character_takes_one_place_and_is_kept(char: str) -> None:
    assert encoding_of(char) is Encoding.GSM7
    assert (segment_count(char * 160), segment_count(char * 161), segment_count(char * 306)) == (1, 2, 2)
    assert segment_count(char * 307) == 3
    if char not in " \n\r":
        assert transliterated(char) == char


@pytest.mark.parametrize("char", sorted(EXTENDED))
def test_every_extended_character_takes_two_places_and_is_never_split(char: str) -> None:
    assert encoding_of(char) is Encoding.GSM7
    assert (segment_count(char * 80), segment_count(char * 81)) == (1, 2)
    assert segmented(char * 81) == Segmented(Encoding.GSM7, (char * 76, char * 5))  # 76 pairs in 153 places, one unused
    assert segmented("a" * 152 + char + "b" * 20).segments == ("a" * 152, char + "b" * 20)


def test_one_character_outside_makes_the_whole_text_ucs2() -> None:
    assert [segment_count("а" * places) for places in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert segment_count("ok" + "名" * 68) == 1
    assert segmented("名" * 66 + "😀" + "名" * 10).segments == ("名" * 66, "😀" + "名" * 10)


@settings(deadline=None, max_examples=50)
@given(GSM7_TEXTS)
def test_gsm7_segments_join_to_the_text_and_never_hold_more_than_160_or_153_places(text: str) -> None:
    cut = segmented(text)
    places = [sum(2 if char in EXTENDED else 1 for char in part) for part in cut.segments]
    assert "".join(cut.segments) == text
    assert cut.encoding is Encoding.GSM7
    assert places[0] <= 160 if len(places) == 1 else max(places) <= 153


@settings(deadline=None, max_examples=50)
@given(ANY_TEXTS)
def test_ucs2_segments_join_to_the_text_and_never_hold_more_than_70_or_67_units(text: str) -> None:
    cut = segmented("名" + text)
    units = [len(part.encode("utf-16-be")) // 2 for part in cut.segments]
    assert "".join(cut.segments) == "名" + text
    assert cut.encoding is Encoding.UCS2
    assert units[0] <= 70 if len(units) == 1 else max(units) <= 67


@settings(deadline=None, max_examples=50)
@given(GSM7_TEXTS)
def test_no_smaller_number_of_segments_would_do(text: str) -> None:
    places = sum(2 if char in EXTENDED else 1 for char in text)
    count = segment_count(text)
    assert count == 1 if places <= 160 else places > 153 * (count - 1) - (count - 1)
    assert fits(text, count)
    assert not fits(text, count - 1)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("“Don’t” – she said… 5 °", '"Don\'t" - she said... 5 degrees'),
        ("Well done 👍🏽 👩‍⚕️!", "Well done !"),
        ("José, Zoë, Søren, Łukasz, Nuñez, Ağaoğlu", "José, Zoe, Søren, Lukasz, Nuñez, Agaoglu"),
        ("ça va? Œuvre ½ €5", "ca va? OEuvre 1/2 €5"),
        ("• one\n• two\u00a0three\u200b", "- one\n- two three"),
        ("Mrs 王 said", "Mrs 王 said"),
        ("ﬁrst → then ≥ 3", "first -> then >= 3"),
    ],
)
def test_signs_are_replaced_emoji_dropped_and_names_kept(text: str, sent: str) -> None:
    assert transliterated(text) == sent


@settings(deadline=None, max_examples=50)
@given(ANY_TEXTS)
def test_transliterating_twice_changes_nothing_more(text: str) -> None:
    once = transliterated(text)
    assert transliterated(once) == once


@settings(deadline=None, max_examples=50)
@given(GSM7_TEXTS)
def test_what_gsm7_has_stays_but_for_doubled_spaces(text: str) -> None:
    assert transliterated(text).replace(" ", "").strip("\n") == text.replace("\r\n", "\n").replace(" ", "").strip("\n")
