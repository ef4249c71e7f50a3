"""What surrounds a danger, and how it is typed, never makes it less; a "no" before the sign itself takes it away.

Drawn from the curated danger messages. The same examples every time, so that a failure is a change of the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.safety import SafetyScreen, Verdict
from bot.safety.verdict import level_rank
from tests.safety.conftest import FOLDER

DANGERS = [
    (message["text"], message["level"])
    for path in sorted((FOLDER / "messages").glob("*.yml"))
    for message in yaml.safe_load(Path(path).read_text(encoding="utf-8"))["danger"]
]
NEUTRAL = [
    "Hello, I hope you are well.",
    "Thank you for your help.",
    "My sister likes tea.",
    "I was at the shop.",
    "I have a question.",
    "The bus was late again.",
    "It is raining here.",
    "I live with my wife.",
    "I am writing from my phone.",
    "The dog is asleep.",
    "I had toast for breakfast.",
    "Sorry for the long message.",
]
OTHER_DENIED = ["No earache.", "No sore throat.", "No toothache.", "No sneezing.", "No itchy eyes."]
SIGNS = [
    "chest pain",
    "fever",
    "stiff neck",
    "double vision",
    "slurred speech",
    "face droop",
    "thoughts of suicide",
    "swelling in my calf",
    "numbness between my legs",
    "weakness in my left arm",
    "shortness of breath",
    "sudden headache",
    "new clonus",
    "trouble swallowing",
    "sudden confusion",
    "blood in my cough",
]

danger = st.sampled_from([text for text, _ in DANGERS])
labelled = st.sampled_from(DANGERS)
neutral = st.lists(st.sampled_from(NEUTRAL), min_size=1, max_size=3, unique=True).map(" ".join)
fixed = settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def strength(verdict: Verdict) -> tuple[int, bool]:
    return level_rank(verdict.level), verdict.sure


def expected(plain: Verdict, level: str) -> int:
    """The rank to keep: that of the plain message, but no more than the danger's own level."""
    return min(level_rank(plain.level), level_rank(level))


def ended(message: str) -> str:
    return message if message[-1] in ".!?" else f"{message}."


def slip(text: str, place: int, kind: str) -> str:
    """`text` with one slip of the keyboard inside a word of six letters or more; as it is when it has none."""
    words = list(re.finditer(r"[a-z]{6,}", text))
    if not words:
        return text
    word = words[place % len(words)]
    at = word.start() + 1 + place % (len(word.group()) - 3)
    if kind == "swapped":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == "left out":
        return text[:at] + text[at + 1 :]
    return text[: at + 1] + text[at:]


@fixed
@given(message=danger, before=neutral, after=neutral)
def test_neutral_sentences_around_it_lower_nothing(
    screen: SafetyScreen, whole: SafetyScreen, message: str, before: str, after: str
) -> None:
    framed = f"{before} {ended(message)} {after}"
    assert strength(screen.screen(framed)) >= strength(screen.screen(message))
    assert strength(whole.screen(framed)) >= strength(whole.screen(message))


@fixed
@given(message=danger, change=st.sampled_from([str.upper, str.lower, str.title]))
def test_capitals_change_nothing(
    screen: SafetyScreen, whole: SafetyScreen, message: str, change: Callable[[str], str]
) -> None:
    assert strength(screen.screen(change(message))) == strength(screen.screen(message))
    assert strength(whole.screen(change(message))) == strength(whole.screen(message))


@fixed
@given(labelled=labelled, mark=st.sampled_from(["", "!", "!!!", "...", " .", "\n", "\n\nhelp"]))
def test_how_it_ends_lowers_nothing(
    screen: SafetyScreen, whole: SafetyScreen, labelled: tuple[str, str], mark: str
) -> None:
    message, level = labelled
    changed = message.rstrip(".!?") + mark
    asked = message.endswith("?")
    assert asked or strength(screen.screen(changed)) >= strength(screen.screen(message))
    assert level_rank(whole.screen(changed).level) >= expected(whole.screen(message), level)


@fixed
@given(labelled=labelled)
def test_without_punctuation_the_level_stays(whole: SafetyScreen, labelled: tuple[str, str]) -> None:
    message, level = labelled
    bare = re.sub(r"[,;:!?]|\.(?!\d)", " ", message)
    assert level_rank(whole.screen(bare).level) >= expected(whole.screen(message), level)


@fixed
@given(labelled=labelled, place=st.integers(0, 500), kind=st.sampled_from(["swapped", "left out", "doubled"]))
def test_a_slip_of_the_keyboard_keeps_the_level(
    whole: SafetyScreen, labelled: tuple[str, str], place: int, kind: str
) -> None:
    message, level = labelled
    assert level_rank(whole.screen(slip(message, place, kind)).level) >= expected(whole.screen(message), level)


@fixed
@given(message=danger, denied=st.sampled_from(OTHER_DENIED), first=st.booleans())
def test_denying_something_else_lowers_no_level(
    screen: SafetyScreen, whole: SafetyScreen, message: str, denied: str, first: bool
) -> None:
    both = f"{denied} {message}" if first else f"{ended(message).replace('?', '.')} {denied}"
    assert strength(screen.screen(both)) >= strength(screen.screen(message))
    assert level_rank(whole.screen(both).level) >= level_rank(whole.screen(message).level)


@fixed
@given(message=danger, denied=st.sampled_from(OTHER_DENIED))
def test_a_denial_in_the_same_sentence_leaves_at_least_the_check_question(
    screen: SafetyScreen, whole: SafetyScreen, message: str, denied: str
) -> None:
    """ "No rash, chest pain" may be a list of what is not there: then the bot asks."""
    both = f"{denied[:-1].lower()}, {message}"
    assert level_rank(screen.screen(both).level) >= level_rank(screen.screen(message).level)
    assert level_rank(whole.screen(both).level) >= level_rank(whole.screen(message).level)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_that_is_there_is_raised(whole: SafetyScreen, sign: str) -> None:
    assert level_rank(whole.screen(f"I have {sign}").level) >= level_rank("urgent")


@fixed
@given(
    sign=st.sampled_from(SIGNS),
    denial=st.sampled_from(["no {}", "No {}.", "I have no {}", "He has no {}", "I do not have {}", "without {}"]),
    after=st.sampled_from(["", *NEUTRAL]),
)
def test_no_before_the_sign_takes_it_away(whole: SafetyScreen, sign: str, denial: str, after: str) -> None:
    assert not whole.screen(f"{ended(denial.format(sign))} {after}".strip()).alarm
