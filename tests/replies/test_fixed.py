"""Fixed replies: complete in every region, easy to read, one for each intent, and every button understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.small_talk import NAMES
from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Button, Kind
from bot.replies.where import numbers_to_call
from bot.settings import ROOT
from knowledge.files import ContentError, Problem
from knowledge.fixed_replies import hard_to_read, load_fixed_replies
from knowledge.regions import load_regions
from tests.data import nlu_examples, rules, topics, wording

REPLIES = ROOT / "knowledge" / "replies.yml"
REGIONS = [None, *(region.region for region in load_regions().regions)]
NAMES_OF_REPLIES = sorted(load_fixed_replies(REPLIES))


def texts(content: Content, region: str | None) -> dict[str, str]:
    """Every fixed reply as a person in the region reads it, with what is only known as it is said."""
    told = {name: fixed_reply(content, name, region).text for name in content.fixed}
    values = {"{who}": "Anna, support worker", "{opens}": "tomorrow at 9 am (London time)", "{topic}": "Fatigue"}
    for name, text in told.items():
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        told[name] = text
    return told


@pytest.mark.parametrize("region", REGIONS)
def test_every_placeholder_is_filled_in_every_region(content: Content, clinic: Content, region: str | None) -> None:
    unfilled = [
        name for service in (content, clinic) for name, text in texts(service, region).items() if set(text) & set("{}")
    ]
    assert unfilled == []


@pytest.mark.parametrize("region", REGIONS)
def test_no_sentence_is_left_hanging_in_any_region(content: Content, region: str | None) -> None:
    hanging = [name for name, text in texts(content, region).items() if re.search(r":\s*$|: *\n\n", text)]
    assert hanging == []


@pytest.mark.parametrize("region", REGIONS)
def test_the_greeting_names_the_emergency_number_of_the_region(content: Content, region: str | None) -> None:
    number = content.regions.get(region).say.emergency
    assert f"call {number}" in fixed_reply(content, "greeting", region).text


def test_the_region_of_the_service_holds_until_a_person_names_another(clinic: Content) -> None:
    uk, us = (clinic.regions.get(code).say.emergency for code in ("UK", "US"))
    assert uk != us
    assert uk in fixed_reply(clinic, "greeting", None).text
    assert us in fixed_reply(clinic, "greeting", "US").text


def test_a_person_of_the_service_is_promised_only_when_there_is_one(content: Content, clinic: Content) -> None:
    assert fixed_reply(content, "ask_human", None).text.startswith(content.fixed["human-unset"].text)
    assert fixed_reply(clinic, "ask_human", None).text.startswith("Call our clinic on 555 0100.")
    assert "555 0100" not in fixed_reply(content, "ask_human", None).text


def test_a_fixed_reply_has_its_kind_buttons_and_metadata(content: Content) -> None:
    reply = fixed_reply(content, "danger-check", "UK", offer="check-in")
    assert (reply.kind, reply.buttons, reply.metadata) == (
        Kind.CLARIFY, (Button("Yes"), Button("No"), Button("Not sure")), {"offer": "check-in"},
    )  # fmt: skip


def test_an_unknown_reply_is_refused(content: Content) -> None:
    with pytest.raises(KeyError):
        fixed_reply(content, "no-such-reply", None)


@pytest.mark.parametrize("name", NAMES_OF_REPLIES)
def test_every_reply_has_a_kind_of_the_contract(name: str) -> None:
    assert load_fixed_replies(REPLIES)[name].kind in {kind.value for kind in Kind}


def test_every_reply_reads_at_grade_six_or_below() -> None:
    assert hard_to_read(REPLIES) == []


def test_a_reply_above_grade_six_is_reported_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "replies.yml"
    path.write_text(
        "easy:\n  kind: notice\n  text: Sit down and rest.\n"
        "hard:\n  kind: notice\n  text: Involuntary oscillations necessitate neurological evaluation.\n"
    )
    (problem,) = hard_to_read(path)
    assert (problem.path, problem.line, problem.message.split(" reads")[0]) == (path, 6, "hard.text:")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n  kind: notice\n  text: Call {nobody}.\n", (3, "a.text: unknown placeholder ['nobody']")),
        ("a:\n  kind: notice\n", (1, "a.text: field required")),
        ("a:\n  kind: notice\n  text: Hi.\n  colour: red\n", (4, "a.colour: extra fields not permitted")),
    ],
)
def test_a_mistake_in_the_replies_is_reported_on_its_line(tmp_path: Path, text: str, problem: tuple[int, str]) -> None:
    path = tmp_path / "replies.yml"
    path.write_text(text)
    with pytest.raises(ContentError) as caught:
        load_fixed_replies(path)
    assert caught.value.problems == [Problem(path, *problem)]


def test_every_intent_answered_by_a_fixed_reply_has_one(content: Content) -> None:
    intents = [rule.intent for rule in rules() if "action_fixed_reply" in rule.actions]
    replies = {intent: NAMES.get(intent, intent) for intent in intents}
    assert len(replies) > 20
    assert {intent: name for intent, name in replies.items() if name not in content.fixed} == {}


@pytest.mark.parametrize("intent", ["affirm", "deny", "unsure", "start_over"])
def test_a_yes_or_no_that_answers_nothing_has_a_reply(content: Content, intent: str) -> None:
    assert intent in content.fixed


def test_every_name_the_code_asks_for_is_there(content: Content) -> None:
    asked = set()
    for path in [*(ROOT / "actions").glob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        asked |= set(re.findall(r'(?:say_fixed\([^)"]*|fixed_reply\([^)"]*|\.fixed\[)"([\w-]+)"', path.read_text()))
    assert len(asked) > 10
    assert asked - set(content.fixed) == set()


def test_every_button_says_a_topic_or_a_trained_example(content: Content) -> None:
    understood = {wording(example) for examples in nlu_examples().values() for example in examples}
    for topic in topics().values():
        understood |= {wording(text) for text in [topic["title"], *topic["questions"]]}
    buttons = {(name, button) for name, reply in content.fixed.items() for button in reply.buttons}
    assert sorted(place for place in buttons if wording(place[1]) not in understood) == []


def test_numbers_are_listed_only_where_the_region_is_known(content: Content) -> None:
    assert numbers_to_call(content, None, "new-stroke") == []
    us = content.regions.get("US").say
    assert numbers_to_call(content, "US", "new-stroke") == [{"label": "Emergency", "number": us.emergency}]
    assert [entry["number"] for entry in numbers_to_call(content, "US", "suicidal-thoughts-or-self-harm")] == [
        us.emergency, us.crisis,
    ]  # fmt: skip
    assert [entry["number"] for entry in numbers_to_call(content, "US", "baclofen-overdose")] == [
        us.emergency,
        us.poison,
    ]
