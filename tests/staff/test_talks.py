"""Taking over on the console: who waits, answering, handing back, and what two of the staff see of each other."""

from __future__ import annotations

import re

import pytest

from bot.staff.roles import Role
from tests.staff.at_desk import AtDesk
from tests.staff.world import Visitor, World


@pytest.fixture
def anna(world: World) -> Visitor:
    return world.signed_in(world.person(Role.SUPPORT, email="anna@clinic.example", name="Anna Berg"))


@pytest.fixture
def ben(world: World) -> Visitor:
    return world.signed_in(world.person(Role.SUPPORT, email="ben@clinic.example", name="Ben Dale"))


@pytest.fixture
async def waiting(desk: AtDesk) -> AtDesk:
    """Somebody who talked to the bot, and then asked for a person."""
    await desk.talked("ana", "I am Zebedee Quillfeather", "my foot bounces", region="US")
    desk.ask("ana")
    return desk


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found.group(1)


async def test_who_waits_is_listed_and_their_words_are_closed_until_somebody_takes_over(
    waiting: AtDesk, anna: Visitor
) -> None:
    listed = anna.get("/talks").text
    assert f"<strong>{waiting.world.console.desk.pseudonym('ana')}</strong>" in listed
    page = anna.get("/talks/1").text
    assert ("my foot bounces" in page, "Quillfeather" in page, "Your answer" in page) == (True, False, False)


async def test_taking_over_opens_the_words_and_tells_the_person_who_is_here(waiting: AtDesk, anna: Visitor) -> None:
    page = anna.send("/talks/1/take", {"version": "0"}).text
    assert ("Quillfeather" in page, "They read: Anna, support worker." in page) == (True, True)
    assert waiting.said() == [
        (
            "taken",
            "Anna, support worker, is here now. They will write to you here. I stay quiet. In danger? Call 911 now.",
        )
    ]
    assert waiting.world.done()[-1] == ("anna@clinic.example", "took over", "talk:1")


async def test_a_message_is_sent_once_and_the_log_holds_none_of_its_words(waiting: AtDesk, anna: Visitor) -> None:
    key = key_on(anna.send("/talks/1/take", {"version": "0"}).text)
    for _ in range(3):
        answer = anna.send("/talks/1/say", {"key": key, "text": "How are you?"})
        assert answer.status_code == 200
    assert waiting.said()[1:] == [("words", "How are you?")]
    told = [(entry.action, entry.details) for entry in waiting.world.log() if entry.action == "message to a person"]
    assert told == [("message to a person", {"characters": 12})]
    assert "on its way" in anna.get("/talks/1").text


async def test_two_of_the_staff_cannot_answer_the_same_person_by_accident(
    waiting: AtDesk, anna: Visitor, ben: Visitor
) -> None:
    anna.send("/talks/1/take", {"version": "0"})
    late = ben.send("/talks/1/take", {"version": "0"}).text
    assert "Anna, support worker answers this person. Talk to them, or take over from them." in late
    refused = ben.send("/talks/1/say", {"key": "b" * 32, "text": "my careful words"})
    assert refused.status_code == 409
    assert "Anna, support worker answers this person now. Your message was not sent." in refused.text
    assert waiting.said()[1:] == []
    taken = ben.send("/talks/1/take", {"version": "1", "from_colleague": "1"}).text
    assert "They read: Ben, support worker." in taken
    kept = anna.send("/talks/1/say", {"key": "a" * 32, "text": "my careful words"})
    assert (kept.status_code, "Ben, support worker answers this person now." in kept.text) == (409, True)


async def test_words_that_could_not_be_sent_stay_in_the_box(waiting: AtDesk, anna: Visitor) -> None:
    anna.send("/talks/1/take", {"version": "0"})
    page = anna.send("/talks/1/say", {"key": "a" * 32, "text": "x" * 2001})
    assert (page.status_code, f">{'x' * 2001}</textarea>" in page.text) == (409, True)
    assert key_on(page.text) == "a" * 32


async def test_one_click_hands_back_to_the_bot(waiting: AtDesk, anna: Visitor) -> None:
    anna.send("/talks/1/take", {"version": "0"})
    page = anna.send("/talks/1/hand-back").text
    assert "The bot answers this person again." in page
    assert waiting.said()[-1] == (
        "back",
        'Anna, support worker, has left. I am the chat program and answer again. To ask for a person, say "human".',
    )
    assert "The bot answers this person again, since" in anna.get("/talks/1").text
    assert [row["state"] for row in waiting.rows("handovers")] == ["done"]


async def test_staff_step_in_from_the_latest_conversations_or_from_an_escalation(
    desk: AtDesk, anna: Visitor, ben: Visitor
) -> None:
    await desk.talked("ana", "my foot bounces")
    listed = anna.get("/talks").text
    found = re.search(r'name="reply" value="(\d+)"', listed)
    assert found
    assert "my foot bounces" not in listed
    assert "You answer this person now." in anna.send("/talks/step-in", {"reply": found.group(1)}).text
    desk.escalate("bo")
    assert "You answer this person now." in ben.send("/talks/step-in", {"escalation": "1"}).text
    assert [(row["conversation"], row["holder_name"]) for row in desk.rows("handovers")] == [
        ("ana", "Anna, support worker"), ("bo", "Ben, support worker"),
    ]  # fmt: skip


async def test_somebody_in_the_terminal_cannot_be_reached(desk: AtDesk, anna: Visitor) -> None:
    desk.escalate("bo", channel="terminal")
    page = anna.send("/talks/step-in", {"escalation": "1"}).text
    assert ("you cannot reach them" in page, desk.rows("handovers")) == (True, [])


async def test_the_check_in_of_the_person_stands_beside_what_was_said(desk: AtDesk, anna: Visitor) -> None:
    from bot.replies.after_danger import with_danger

    await desk.talked("ana", "my face drops", interview=with_danger({}, "new-stroke", "emergency"))
    desk.ask("ana")
    page = anna.get("/talks/1").text
    assert "<h3>Level</h3>" in page
    assert "None in the last day." not in page


async def test_ready_answers_and_topics_are_put_into_the_box_without_scripts(waiting: AtDesk, anna: Visitor) -> None:
    anna.send("/talks/1/take", {"version": "0"})
    box = re.compile(r'<textarea id="text"[^>]*>(.*?)</textarea>', re.S)

    def words(path: str) -> str:
        found = box.search(anna.get(path).text)
        assert found
        return found.group(1)

    assert words("/talks/1") == ""
    assert words("/talks/1?answer=did-you-call") == "Did you call 911? What did they say?"


async def test_a_request_is_put_away_and_a_stranger_one_is_not_there(waiting: AtDesk, anna: Visitor) -> None:
    assert "The request is put away." in anna.send("/talks/1/close", {"version": "0"}).text
    assert "Nobody waits." in anna.get("/talks").text
    assert anna.get("/talks/99").status_code == 404


async def test_the_full_words_before_taking_over_need_a_reason_that_is_logged(waiting: AtDesk, anna: Visitor) -> None:
    opened = anna.send("/talks/1/open", {"reason": "Is it the person who rang?"}).text
    assert "Quillfeather" in opened
    assert waiting.reasons() == ["Is it the person who rang?"]


async def test_a_conversation_that_cannot_be_read_says_so_and_can_still_be_answered(
    waiting: AtDesk, anna: Visitor
) -> None:
    def gone() -> str:
        raise OSError("no database")

    waiting.world.console.desk.conversations._engine = None
    waiting.world.console.desk.conversations._address = gone
    page = anna.send("/talks/1/take", {"version": "0"})
    assert "The conversation cannot be read just now." in page.text
    anna.send("/talks/1/say", {"key": key_on(page.text), "text": "Hello"})
    assert waiting.said()[-1] == ("words", "Hello")
