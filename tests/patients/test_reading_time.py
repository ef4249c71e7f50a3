"""A typical check-in takes under three minutes: all that is shown is read, and every question is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message
from tests.patients.test_patients import EVERYBODY, Patient, attend
from tests.patients.visit import Visit
from tests.sms.by_text import PLACE, ByText

WORDS_A_MINUTE = 238
"""Silent reading of non-fiction in English by adults: Brysbaert (2019), How many words do we read per minute? A review
and meta-analysis of reading rate. Journal of Memory and Language 109, 104047. The mean of 190 studies."""
SECONDS_AN_ANSWER = 2
MOST_SECONDS = 180

NUMBER_OF_A_CHOICE = re.compile(r"(?:^|(?<=\s))\d+\.? (?=[A-Z])|^\d+\. ", re.MULTILINE)

NUMBERS = next(patient for patient in EVERYBODY if patient.style == "numbers")
"""Somebody whose foot bounces when the toes land first after a known stroke, who taps."""
TYPICAL = (
    replace(NUMBERS, name="foot bounce", opens="check my symptoms, my foot bounces"),
    replace(
        NUMBERS,
        name="knee locking",
        facts={**NUMBERS.facts, "bounce-when": "never", "knee": "locks-with-pain"},
        opens="check my symptoms, my knee locks back",
    ),
    replace(
        NUMBERS,
        name="falling backward",
        facts={**NUMBERS.facts, "bounce-when": "never", "backward": "sometimes"},
        opens="check my symptoms, I feel I am falling backward",
    ),
)


def words(text: str) -> int:
    """Words of a text, the counter's among them; not the number in front of a choice, nor the place of a text."""
    return len([word for word in NUMBER_OF_A_CHOICE.sub("", PLACE.sub("", text)).split() if re.search(r"\w", word)])


def seconds(texts: Sequence[str], answers: int) -> float:
    """Time to read these texts, the last of which is the result, down to its first line, and to answer."""
    *asked, result = texts
    read = sum(map(words, asked)) + words(result.splitlines()[0])
    return read / WORDS_A_MINUTE * 60 + answers * SECONDS_AN_ANSWER


def shown(replies: Sequence[Message]) -> list[str]:
    return [reply["text"] for reply in replies]


async def finished(companion: Companion, patient: Patient) -> Visit:
    visit = await attend(companion, patient)
    assert visit.problems == [], visit.report()
    assert visit.last_level in ("self-care", "soon"), visit.report()
    return visit


def test_words_are_counted_as_they_are_read() -> None:
    assert words("Question 1 of about 14\n\nAny pain?\n\n1. Yes\n2. No\n10. Not sure") == 11
    assert words("(2/2) 3 of about 14.\nAny pain?\n1 Yes 2 No 3 Not sure") == 10


@pytest.mark.parametrize("patient", TYPICAL, ids=str)
async def test_a_typical_check_in_takes_under_three_minutes(
    tmp_path: Path, companion: Companion, patient: Patient
) -> None:
    visit = await finished(companion, patient)
    answers = len(visit.said) - 1
    on_the_page = [text for _, replies in visit.said for text in shown(replies)]
    assert seconds(on_the_page, answers) <= MOST_SECONDS, visit.report()

    phone = ByText(tmp_path, companion, visit.said)
    for text, _ in visit.said:
        before = len(phone.texts)
        await phone.say(visit.conversation, text)
        last = phone.texts[before:]
    once, *asked = phone.texts[: -len(last)]
    assert once.startswith("Clonus Companion:")  # what every phone is sent once, whatever it is for
    assert seconds([*asked, last[0]], answers) <= MOST_SECONDS, phone.texts
