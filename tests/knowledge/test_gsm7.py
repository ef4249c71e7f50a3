"""The alphabet of text messages, as 3GPP TS 23.038 gives it."""

from __future__ import annotations

import pytest

from knowledge.gsm7 import BASIC, EXTENDED, length, outside_alphabet

CODE_PAGE = {
    0x00: "@£$¥èéùìòÇ\nØø\rÅå",
    0x10: "Δ_ΦΓΛΩΠΨΣΘΞ",
    0x1C: "ÆæßÉ !\"#¤%&'()*+,-./",
    0x30: "0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
}
"""Characters by the code of the first; 0x1B is the escape to the extension table."""


def test_the_basic_alphabet_is_the_whole_code_page_but_the_escape() -> None:
    characters = "".join(CODE_PAGE.values())
    codes = [start + place for start, run in CODE_PAGE.items() for place in range(len(run))]
    assert sorted(codes) == [code for code in range(128) if code != 0x1B]
    assert frozenset(characters) == BASIC
    assert len(BASIC) == 127


def test_the_extension_table_is_complete() -> None:
    assert set("\f^{}\\[~]|€") == EXTENDED


@pytest.mark.parametrize("char", sorted(BASIC))
def test_a_basic_character_takes_one_place(char: str) -> None:
    assert (length(char), outside_alphabet(char)) == (1, [])


@pytest.mark.parametrize("char", sorted(EXTENDED))
def test_an_extended_character_takes_two_places(char: str) -> None:
    assert (length(char), outside_alphabet(char)) == (2, [])


def test_lengths_add_up() -> None:
    assert length("Cost: 5 € [about]") == 17 + 3


def test_characters_outside_are_named_once_in_order() -> None:
    assert outside_alphabet("“Yes” – she’s fine – 😀 ç") == ["“", "”", "–", "’", "😀", "ç"]
