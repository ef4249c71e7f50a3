"""A person who texts for months: sessions, pauses, and an interview that was broken off; with the trained bot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.session import ActionSessionStart
from bot.channels.in_process import Companion
from bot.erasing import ERASED_AGAIN
from tests.conftest import ROOT
from tests.sms.by_text import ByTextDesk
from tests.sms.phone import WORDS, said

HOUR = 3600.0
Later = Callable[[float], None]


@pytest.fixture
def texting(tmp_path: Path, companion: Companion) -> ByTextDesk:
    """A desk with the trained bot behind it."""
    desk = ByTextDesk(tmp_path, key=f"a key of {tmp_path}")  # conversations that no other test has had
    desk.clock.now = time.time()
    desk.service.connect(companion.handle, lambda: companion.agent)
    return desk


@pytest.fixture
def later(texting: ByTextDesk, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets time go by, for the desk and for Rasa."""
    real, past = time.time, [0.0]

    def pass_by(seconds: float) -> None:
        past[0] += seconds
        texting.clock.now += seconds

    monkeypatch.setattr(time, "time", lambda: real() + past[0])
    return pass_by


async def begin_check_in(desk: ByTextDesk) -> list[str]:
    """A check-in up to the question of how new it is; its texts."""
    for text in ("CHECK", "no", "no", "no", "no", "1"):
        await desk.say(text)
    return await desk.say("yes")


@pytest.mark.parametrize("answer", ["CHECK", "1", "yes", "check my symptoms"])
async def test_a_check_in_broken_off_for_most_of_a_day_goes_on_where_it_was(
    texting: ByTextDesk, later: Later, answer: str
) -> None:
    question = " ".join(await begin_check_in(texting))
    assert "Is it new or changed?" in question
    later(22 * HOUR)
    again = " ".join(await texting.say(answer))
    assert "Is it new or changed?" in again
    assert "safety check" not in again
    assert "Which of these" not in again
    assert "This week" in " ".join(await texting.say("1"))


async def test_what_was_told_is_known_and_confirmed_after_a_long_silence(
    texting: ByTextDesk, later: Later, companion: Companion
) -> None:
    await texting.say("I am in Canada")
    await texting.say("do I need a brace?")
    later(6 * 24 * HOUR)
    assert len(await texting.say("more")) == 1
    later(20 * 24 * HOUR)
    still_there, simpler = await texting.say("simpler")
    assert still_there == said("still-there").replace("{country}", "Canada")
    assert "brace" in simpler.lower()
    assert len(await texting.say("do I need a brace?")) == 1
    tracker = await companion.tracker(texting.phone()["id"])
    assert (tracker.get_slot("region"), texting.phone()["said_region"]) == ("CA", "CA")


async def test_a_danger_goes_before_where_the_person_said_they_are(texting: ByTextDesk, later: Later) -> None:
    await texting.say("I am in the UK")
    later(20 * 24 * HOUR)
    danger, still_there, _ = await texting.say("I have chest pain and cannot breathe")
    assert danger.startswith("Call 999 now.")
    assert still_there == said("still-there", "999").replace("{country}", "United Kingdom")


WAYS_OF_SAYING_THE_FIRST = ("1", "1.", "one", "yes", "y", "yep", "Yes please")


@pytest.mark.parametrize("answer", WAYS_OF_SAYING_THE_FIRST)
async def test_each_way_of_saying_the_first_choice_is_that_choice(texting: ByTextDesk, answer: str) -> None:
    await texting.say("CHECK")
    assert "Which one is it?" in " ".join(await texting.say(answer))


async def test_a_person_abroad_is_told_the_number_of_where_they_are(texting: ByTextDesk) -> None:
    await texting.say("hello")
    (known,) = await texting.say("I am in the UK")
    assert "999" in known
    assert (await texting.say("I have chest pain and cannot breathe"))[0].startswith("Call 999 now.")


async def test_a_turn_after_months_of_texting_reads_no_more_than_the_first_ones(
    texting: ByTextDesk, later: Later, companion: Companion
) -> None:
    sizes = []
    for _ in range(8):
        for text in ("hello", "do I need a brace?", "more"):
            await texting.say(text)
        tracker = await companion.tracker(texting.phone()["id"])
        sizes.append(len(tracker.events))
        later(5 * HOUR)
    # what a week of silence adds, such as where the person is, comes and goes; the sessions before are never read
    assert max(sizes[4:]) <= max(sizes[:4]), sizes


def session_begun(**slots: object) -> list[object]:
    """The events of a new session of a conversation whose slots stand so."""
    left_over = {"requested_slot": "interview_reply", "interview_reply": None, "emergency": None,
                 "session_started_metadata": {"region": "CA"}}  # fmt: skip
    earlier = [SlotSet("last_topic", topic) for topic in ("brace", "clonus", "foot-bounce")]
    tracker = Tracker("phone-1", {**left_over, **slots}, {}, earlier, False, None, {}, "action_listen")
    return list(ActionSessionStart().run(CollectingDispatcher(), tracker, {}))


def test_a_session_begins_with_present_values_and_not_with_how_they_came_about() -> None:
    present = [SlotSet("region", "CA"), SlotSet("last_topic", "foot-bounce"), SlotSet("requested_slot", None)]
    assert session_begun(region="CA", last_topic="foot-bounce") == [
        SessionStarted(), *present, ActionExecuted("action_listen"),
    ]  # fmt: skip


def test_the_pause_is_the_one_after_which_rasa_begins_a_new_session() -> None:
    domain = yaml.safe_load((ROOT / "domain" / "_shared.yml").read_text(encoding="utf-8"))
    assert domain["session_config"]["session_expiration_time"] == WORDS.numbers.pause_minutes


async def test_a_whole_first_conversation(texting: ByTextDesk) -> None:
    assert await texting.say("hello") == [
        said("welcome"),
        f"{WORDS.shorter['greeting']}\n"
        "1 My foot bounces\n2 My knee locks back\n3 I feel thrown backward\n4 Check my symptoms",
    ]
    (answer,) = await texting.say("1")
    assert answer.startswith("Foot bounce is clonus you can see.")
    assert answer.endswith("Reply MORE. Or CHECK for a symptom check.")
    assert (await texting.say("MORE"))[0].startswith("(1/")
    first, second = await texting.say("my face is drooping and my speech is slurred")
    assert first.startswith("This may be a stroke. Call 911 now")
    assert second == "Is help on the way?\n1 Help is on the way\n2 I cannot call\n3 I am fine now"
    assert (await texting.say("1"))[0].startswith("That is good.")


async def test_forget_me_leaves_rasa_nothing(texting: ByTextDesk, companion: Companion) -> None:
    await texting.say("my knee locks back")
    phone = texting.phone()["id"]
    assert (await texting.say("forget me"))[-1] == said("forgotten")
    assert await companion.tracker_store.retrieve_full_tracker(phone) is None
    texting.clock.now += ERASED_AGAIN
    await texting.settle()
    assert texting.phone()["number"] is None
