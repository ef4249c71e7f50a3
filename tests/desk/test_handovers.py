"""One person of the staff answers one person at a time, and what they say is kept once and delivered in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Connection, Engine

from bot.desk import handovers, messages
from bot.desk.messages import NotSendable, ToDeliver
from bot.desk.staff import Clash, Staff

ANNA, BEN = Staff(1, "Anna", "support worker"), Staff(2, "Ben", "clinician")
AT = "2026-11-28T10:00:00+00:00"


def asked(connection: Connection, conversation: str = "ana") -> int:
    handovers.ask(connection, conversation, "web", AT)
    row = handovers.open_of(connection, conversation)
    assert row is not None
    return int(row["id"])


def texts(engine: Engine, channels: tuple[str, ...] = ("web",), now: float = 1000.0) -> list[str]:
    """Deliver all that is due, as one process does."""
    done = []
    with engine.begin() as connection:
        for handover in messages.due(connection, channels, now):
            assert messages.claim(connection, handover, now)
            while message := messages.next_message(connection, handover, now):
                done.append(message.text)
                messages.delivered(connection, message)
            messages.release(connection, handover)
    return done


def test_somebody_who_asks_twice_waits_once(engine: Engine) -> None:
    with engine.begin() as connection:
        first, second = asked(connection), asked(connection)
        rows = handovers.open_ones(connection)
    assert (first, [(row["state"], row["asked_at"], row["holder"]) for row in rows]) == (second, [("asked", AT, None)])


def test_the_longest_waiting_come_first_and_those_who_are_answered_last(engine: Engine) -> None:
    with engine.begin() as connection:
        numbers = [asked(connection, name) for name in ("ana", "bo", "cy")]
        handovers.take(connection, numbers[0], 0, ANNA)
        assert [row["conversation"] for row in handovers.open_ones(connection)] == ["bo", "cy", "ana"]


def test_two_of_the_staff_cannot_answer_the_same_person_by_accident(engine: Engine) -> None:
    with engine.begin() as connection:
        number = asked(connection)

    def take(staff: Staff) -> str:
        try:
            with engine.begin() as connection:
                handovers.take(connection, number, 0, staff)
            return "took over"
        except Clash as problem:
            return str(problem)

    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(take, (ANNA, BEN)))
    with engine.begin() as connection:
        row = handovers.one(connection, number)
        assert row is not None
        holder = ANNA if row["holder"] == ANNA.account else BEN
        other = BEN if holder is ANNA else ANNA
        assert said[1] == "took over"
        assert said[0] in (
            f"{holder.sender} answers this person. Talk to them, or take over from them.",
            "A colleague changed this just now. Look at it again.",
        )
        with pytest.raises(Clash, match="answers this person now"):
            messages.say(connection, number, other, "key", "Hello")
        assert handovers.holder_of(connection, "ana") == holder.sender


def test_taking_over_from_a_colleague_is_done_on_purpose_and_from_what_is_on_the_screen(engine: Engine) -> None:
    with engine.begin() as connection:
        number = asked(connection)
        handovers.take(connection, number, 0, ANNA)
        with pytest.raises(Clash, match="A colleague changed this just now"):
            handovers.take(connection, number, 0, BEN, from_colleague=True)
        handovers.take(connection, number, 1, BEN, from_colleague=True)
        assert handovers.holder_of(connection, "ana") == "Ben, clinician"
        with pytest.raises(Clash, match="Ben, clinician answers this person now"):
            handovers.hand_back(connection, number, ANNA)


def test_after_it_was_handed_back_the_bot_answers_and_the_person_can_ask_again(engine: Engine) -> None:
    with engine.begin() as connection:
        number = asked(connection)
        handovers.take(connection, number, 0, ANNA)
        handovers.hand_back(connection, number, ANNA)
        assert (handovers.holder_of(connection, "ana"), handovers.all_held(connection)) == (None, {})
        with pytest.raises(Clash, match="handed back to the bot already"):
            messages.say(connection, number, ANNA, "key", "Hello")
        assert asked(connection) == number + 1


def test_stepping_in_unasked_makes_one_handover(engine: Engine) -> None:
    with engine.begin() as connection:
        number = handovers.step_in(connection, "ana", "web", ANNA)
        with pytest.raises(Clash, match="Anna, support worker answers this person"):
            handovers.step_in(connection, "ana", "web", BEN)
        row = handovers.one(connection, number)
    assert row is not None
    assert (row["state"], row["asked_at"], row["holder_name"]) == ("taken", None, "Anna, support worker")


def test_a_request_is_put_away_only_while_nobody_answers(engine: Engine) -> None:
    with engine.begin() as connection:
        first, second = asked(connection), asked(connection, "bo")
        handovers.close_request(connection, first, 0)
        handovers.take(connection, second, 0, ANNA)
        with pytest.raises(Clash, match="Anna, support worker answers this person"):
            handovers.close_request(connection, second, 1)
        assert [row["id"] for row in handovers.open_ones(connection)] == [second]


def test_a_message_is_kept_once_however_often_its_form_is_sent(engine: Engine) -> None:
    with engine.begin() as connection:
        number = asked(connection)
        handovers.take(connection, number, 0, ANNA)
        said = [messages.say(connection, number, ANNA, key, "Hello") for key in ("a", "a", "b")]
        assert (said, messages.last_key(connection, number)) == ([True, False, True], "b")
    assert texts(engine) == ["Hello", "Hello"]
    assert texts(engine) == []


def test_a_form_that_is_sent_again_after_handing_back_is_known_and_not_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        number = asked(connection)
        handovers.take(connection, number, 0, ANNA)
        messages.say(connection, number, ANNA, "a", "Hello")
        handovers.hand_back(connection, number, ANNA)
        assert messages.say(connection, number, ANNA, "a", "Hello") is False


@pytest.mark.parametrize(("text", "why"), [(" \n", "Write something first."), ("x" * 2001, "too long: 2001")])
def test_a_message_nobody_should_get_is_refused(engine: Engine, text: str, why: str) -> None:
    with engine.begin() as connection:
        number = handovers.step_in(connection, "ana", "web", ANNA)
        with pytest.raises(NotSendable, match=why):
            messages.say(connection, number, ANNA, "a", text)


def test_messages_come_in_order_and_nothing_overtakes_one_that_waits(engine: Engine) -> None:
    with engine.begin() as connection:
        number = handovers.step_in(connection, "ana", "web", ANNA)
        for key in "abc":
            messages.say(connection, number, ANNA, key, f"message {key}")
        assert messages.claim(connection, number, 1000.0)
        first = messages.next_message(connection, number, 1000.0)
        assert isinstance(first, ToDeliver)
        messages.later(connection, first, "the store is away", 1000.0)
        assert messages.next_message(connection, number, 1000.5) is None
        messages.release(connection, number)
    assert texts(engine, now=1000.5) == []
    assert texts(engine, now=1001.0) == ["message a", "message b", "message c"]


def test_what_was_said_before_it_was_handed_back_comes_before_the_next_handover(engine: Engine) -> None:
    with engine.begin() as connection:
        number = handovers.step_in(connection, "ana", "web", ANNA)
        messages.say(connection, number, ANNA, "a", "before")
        handovers.hand_back(connection, number, ANNA)
        again = handovers.step_in(connection, "ana", "web", BEN)
        messages.say(connection, again, BEN, "b", "after")
        assert messages.due(connection, ("web",), 1000.0) == [number]
    assert texts(engine) == ["before"]
    assert texts(engine) == ["after"]


def test_one_process_delivers_to_a_person_and_another_takes_over_from_one_that_died(engine: Engine) -> None:
    with engine.begin() as connection:
        number = handovers.step_in(connection, "ana", "web", ANNA)
        messages.say(connection, number, ANNA, "a", "Hello")

    def claim(_: int) -> bool:
        with engine.begin() as connection:
            return messages.claim(connection, number, 1000.0)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(claim, range(4))) == [False, False, False, True]
    assert texts(engine, now=1000.0 + messages.LEASE_SECONDS) == []
    assert texts(engine, now=1000.1 + messages.LEASE_SECONDS) == ["Hello"]


def test_a_process_delivers_only_for_the_channels_it_serves(engine: Engine) -> None:
    with engine.begin() as connection:
        for channel in ("web", "sms"):
            number = handovers.step_in(connection, channel, channel, ANNA)
            messages.say(connection, number, ANNA, channel, f"by {channel}")
    assert texts(engine, ("sms",)) == ["by sms"]
    assert texts(engine, ("web",)) == ["by web"]


def test_staff_see_what_did_not_reach_the_person(engine: Engine) -> None:
    with engine.begin() as connection:
        number = handovers.step_in(connection, "ana", "web", ANNA)
        for key in "ab":
            messages.say(connection, number, ANNA, key, key)
        messages.claim(connection, number, 1000.0)
        first = messages.next_message(connection, number, 1000.0)
        assert first is not None
        messages.drop(connection, first, "the number is not known any more")
        left = [(row["text"], row["state"], row["error"]) for row in messages.undelivered(connection, "ana")]
    assert left == [("a", "dropped", "the number is not known any more"), ("b", "waiting", None)]


def test_every_change_shows_in_the_state_that_open_pages_watch(engine: Engine) -> None:
    seen = []

    def look() -> None:
        with engine.begin() as connection:
            seen.append(handovers.state_of_all(connection))

    look()
    with engine.begin() as connection:
        number = asked(connection)
    look()
    with engine.begin() as connection:
        handovers.take(connection, number, 0, ANNA)
    look()
    for _ in range(2):  # two messages in one second
        with engine.begin() as connection:
            handovers.heard(connection, "ana", AT)
        look()
    with engine.begin() as connection:
        messages.say(connection, number, ANNA, "a", "Hello")
    look()
    texts(engine)
    look()
    assert len(set(seen)) == len(seen)
