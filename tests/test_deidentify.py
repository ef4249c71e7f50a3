"""What is kept for staff does not tell who wrote it, and still tells what was asked."""

from __future__ import annotations

import pytest

from bot.deidentify import Vocabulary, deidentified
from bot.names import without_identifiers

IDENTIFYING = {
    "my name is john smith and my foot hurts": "my name is [name] and my foot hurts",
    "I live in Leeds and my wife Anna Kowalska has MS": "I live in [place] and my wife [name] has MS",
    "Hi this is Priya, Dr Patel gave me baclofen": "Hi this is [name], [name] gave me baclofen",
    "my son tom cant walk": "my son [name] cant walk",
    "Botox made Mark worse": "Botox made [name] worse",
    "born 12/03/1950 in Dublin": "born [date] in [place]",
    "he fell on 3rd of May 2021": "he fell on [date]",
    "it began in March 2019": "it began in [date]",
    "call me on 07700 900123 or jo.bloggs@nhs.net": "call me on [number] or [e-mail]",
    "I am 83 years old": "I am [number]",
    "my hospital number is 943 476 5919": "my hospital number is [number]",
    "record RX1234567 please": "record [number] please",
    "I live at 12 Oak Tree Road, LS1 4AB": "I live at [place], [place]",
    "see www.example.org/anna for it": "see [link] for it",
    "ask nurse kelly": "ask nurse [name]",
    "i'm Bob": "i'm [name]",
}

HARMLESS = [
    "hold it for 30 seconds 3 times a day?",
    "blue cheese",
    "the purple one yesterday",
    "my husband and I",
    "Mum's foot shakes",
    "my mum cant sleep",
    "what about eczema",
    "can the AFO be worn with sandals",
    "how do I strech my calf",
    "Does Botox help MS?",
]


@pytest.mark.parametrize(("text", "kept"), IDENTIFYING.items())
def test_what_tells_who_wrote_it_is_taken_out(text: str, kept: str) -> None:
    assert without_identifiers(text) == kept


@pytest.mark.parametrize("text", HARMLESS)
def test_what_was_asked_stays(text: str) -> None:
    assert without_identifiers(text) == text


def test_a_word_that_nobody_knows_is_taken_out() -> None:
    words = Vocabulary({"need", "brace"}, set(), {"does", "a"}, {"does", "a"}.__contains__)
    assert deidentified("does zxqwerton need a brase", lambda text: [], words) == "does [word] need a brase"


def test_what_the_language_model_sees_is_taken_out_unless_the_library_writes_it_so() -> None:
    words = Vocabulary({"botox", "helps", "mark"}, {"botox"}, {"my"}, lambda word: True)

    def sees_both(text: str) -> list[tuple[int, int, str]]:
        return [(0, 5, "[name]"), (12, 16, "[name]")]

    assert deidentified("Botox helps Mark", sees_both, words) == "Botox helps [name]"


def test_overlapping_finds_are_taken_out_whole() -> None:
    words = Vocabulary(set(), set(), set(), lambda word: True)
    assert deidentified("on 3 May 2021 at 3", lambda text: [(3, 8, "[name]")], words) == "on [date] at [number]"
