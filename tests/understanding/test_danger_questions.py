"""What is asked in a danger is answered by the line of its advice that tells it."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from bot.replies.asked_in_danger import answer_in_danger, questions_beside
from bot.replies.content import content
from bot.settings import ROOT
from bot.understanding.danger_questions import DangerQuestions, Matter

STROKE = ["Do not drive.", "Do not eat, drink or take aspirin."]
TOLD = ["Sit or lie down in a safe spot.", "Note the time."]


@pytest.fixture(scope="module")
def rules() -> DangerQuestions:
    return content().danger_questions


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("can I drive him there myself?", "Do not drive."),
        ("should i give her a cuppa", "Do not eat, drink or take aspirin."),
        ("can she sit on the chair", "Sit or lie down in a safe spot."),
        ("how long will they take", None),
        ("what shoes should he wear", None),
        ("", None),
    ],
)
def test_the_line_that_tells_what_is_asked(rules: DangerQuestions, text: str, line: str | None) -> None:
    assert rules.line(text, STROKE, TOLD, open_now=True) == line


def test_what_is_forbidden_comes_before_what_is_told(rules: DangerQuestions) -> None:
    told = ["You may drive again in a month."]
    assert rules.line("can I drive?", STROKE, told, open_now=True) == "Do not drive."


def test_a_story_is_no_question_once_the_danger_is_not_open(rules: DangerQuestions) -> None:
    story = "he used to drive a lorry up and down the country"
    found = [
        rules.line(text, STROKE, TOLD, open_now=False) for text in (story, "can he drive", "drive?", "I will drive")
    ]
    assert found == [None, "Do not drive.", "Do not drive.", "Do not drive."]
    assert rules.line(story, STROKE, TOLD, open_now=True) == "Do not drive."


def test_what_is_longer_than_a_question_is_not_answered_with_a_line(rules: DangerQuestions) -> None:
    assert rules.line("can he drive " + "and then " * 20, STROKE, TOLD, open_now=True) is None


def test_words_beside_show_that_something_else_is_asked() -> None:
    rules = DangerQuestions(
        matters=[Matter(asked=["stop"], told=["stop baclofen"], besides=["bounce"])],
        about_to=[], open_words=[], keeping=[], stopping=[], before=[], leave=[], who=[], serious=[],
        serious_not=[], longest=9,
    )  # fmt: skip
    found = [rules.line(text, ["Do not stop baclofen."], [], open_now=True) for text in ("stop?", "stop the bounce?")]
    assert found == ["Do not stop baclofen.", None]


@pytest.mark.parametrize(
    ("text", "line", "no"),
    [
        ("can I drive", "Do not drive.", True),
        ("how do I drive there", "Do not drive.", False),
        ("I will drive him", "Do not drive.", False),
        ("do I keep giving him baclofen", "Do not stop baclofen.", False),
        ("should she stop the baclofen", "Do not stop baclofen.", True),
        ("should he stop eating", "Do not eat.", False),
        ("shall I take the brace off", "Do not put the brace back on.", False),
        ("can he sit", "Sit down in a safe spot.", False),
        ("can I jump", "No jumping.", False),
    ],
)
def test_no_stands_only_before_a_line_that_forbids_what_is_asked(
    rules: DangerQuestions, text: str, line: str, no: bool
) -> None:
    assert rules.means_no(text, line) is no


def test_an_answer_is_the_line_and_the_shortest_form_of_the_advice() -> None:
    reply = answer_in_danger(content(), ("dvt", "urgent"), "stretch?", "uk")
    assert reply is not None
    assert (reply.text, dict(reply.metadata)) == (
        "No. Do not rub, massage or stretch that calf.\n\nIt could be a leg clot. Get it seen today. Do not rub it. "
        "Chest pain or short of breath? Call 999 now.",
        {"category": "dvt", "level": "urgent"},
    )


def test_advice_that_forbids_nothing_is_always_said_whole() -> None:
    crisis = ("suicidal-thoughts-or-self-harm", "emergency")
    assert answer_in_danger(content(), crisis, "can I go to bed with my tablets", "uk", open_now=False) is None


def test_one_who_asks_to_wait_is_told_not_to_and_what_to_do() -> None:
    reply = answer_in_danger(content(), ("new-stroke", "emergency"), "can it wait till monday", "uk", open_now=True)
    assert reply is not None
    assert reply.text.startswith(
        "No. Please do not wait with this.\n\nThis may be an emergency. Call 999 now.\n\n- Say"
    )


def test_how_serious_it_is_is_never_answered_with_no() -> None:
    asked = [
        "is it serious",
        "can it wait",
        "so can I leave it till monday",
        "do i have to ring",
        "is clonus dangerous",
    ]
    said = [answer_in_danger(content(), ("new-stroke", "emergency"), text, "uk", open_now=True) for text in asked]
    assert [reply and reply.text.split("\n")[0] for reply in said] == [
        "Yes, this can be serious. Please do not wait with it.",
        "No. Please do not wait with this.",
        "No. Please do not wait with this.",
        "Please do not wait with this.",
        None,
    ]


def test_what_has_passed_forbids_nothing_more() -> None:
    asked = {
        level: answer_in_danger(content(), ("autonomic-dysreflexia", level), "can I lie flat now?", "uk")
        for level in ("emergency", "urgent")
    }
    assert [reply is not None for reply in asked.values()] == [True, False]


def test_what_the_advice_speaks_of_does_not_wait_beside_it_and_in_a_crisis_nothing_does() -> None:
    asked = [{"text": text, "in_scope": True} for text in ("can I stretch?", "which shoes are best?")]
    left = {
        category: [matter["reading"]["text"] for matter in questions_beside(content(), (category, level), reading)]
        for category, level in (("dvt", "urgent"), ("suicidal-thoughts-or-self-harm", "emergency"))
        for reading in [{"beside_danger": asked}]
    }
    assert left == {"dvt": ["which shoes are best?"], "suicidal-thoughts-or-self-harm": []}


@lru_cache(maxsize=2)
def outcomes(path: Path) -> Counter[tuple[str, str]]:
    """What was wanted (a line, to wait, nothing) and what was said; what it may be, with all in short, is no line."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        flag = content().red_flags[message["danger"]]
        if not flag.do_not:
            continue
        reply = answer_in_danger(content(), (flag.slug, flag.level.value), message["text"], None, open_now=True)
        wanted = {"wait": "wait", None: "nothing"}.get(message["answer"], "a line")
        named = reply is not None and reply.text.startswith(content().fixed["may-be"].text)
        said = "nothing" if reply is None or named else "wait" if "- " in reply.text else "a line"
        counts[wanted, said] += 1
    return counts


@pytest.mark.parametrize("folder", ["development", "held_out"])
def test_what_no_line_answers_gets_none(folder: str) -> None:
    counts = outcomes(ROOT / "tests" / folder / "danger_questions.jsonl")
    unasked = sum(number for (wanted, _), number in counts.items() if wanted == "nothing")
    answered = counts["nothing", "a line"] + counts["nothing", "wait"]
    assert unasked >= 12
    assert answered <= 2


@pytest.mark.parametrize(("folder", "least"), [("development", 0.7), ("held_out", 0.55)])
def test_most_of_what_a_line_answers_gets_one(folder: str, least: float) -> None:
    counts = outcomes(ROOT / "tests" / folder / "danger_questions.jsonl")
    asked = sum(number for (wanted, _), number in counts.items() if wanted == "a line")
    assert counts["a line", "a line"] / asked >= least


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("can she have tea", True),
        ("ok so can I lie down", True),
        ("can massage guns help", False),
        ("she had tea", False),
        ("can he see the gp", False),
    ],
)
def test_leave_is_asked_for_somebody_and_for_a_matter_of_dangers(text: str, asked: bool) -> None:
    assert content().danger_questions.asks_leave_for_a_matter(text) is asked


@pytest.mark.parametrize("text", ["is it ok to cycle, swim or do yoga", "can I ride my bike"])
def test_a_ride_is_not_forbidden_by_a_line_on_jumps_and_balance(text: str) -> None:
    line = content().danger_questions.line(text, ["Do not do jumps or balance drills alone."], [], open_now=False)
    assert line is None
