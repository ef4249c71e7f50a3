"""What was last said, read from the events of a conversation."""

from __future__ import annotations

from typing import Any

from bot.replies.conversation_so_far import Said, last_said, reading_before, text_before, topics_offered, ways_told


def user(text: str) -> dict[str, Any]:
    """The person's message."""
    return {"event": "user", "text": text}


def bot(text: str | None, *buttons: str, **metadata: Any) -> dict[str, Any]:
    """The bot's message."""
    data = {"buttons": [{"title": title, "payload": title} for title in buttons]} if buttons else {}
    return {"event": "bot", "text": text, "data": data, "metadata": metadata}


def test_the_replies_to_the_message_before_are_found_in_order() -> None:
    events = [
        user("hello"), bot("Hi."),
        user("afo"), {"event": "action", "name": "action_answer"},
        bot("A brace.", "More", "Simpler", kind="answer", topic="afo", utter_action="x"), bot("One more thing."),
        user("say that again"), {"event": "slot", "name": "region"},
    ]  # fmt: skip
    assert last_said(events) == (
        Said("A brace.", ("More", "Simpler"), {"kind": "answer", "topic": "afo"}),
        Said("One more thing.", (), {}),
    )


def test_what_the_bot_says_in_this_turn_does_not_count() -> None:
    assert last_said([user("hello"), bot("Hi."), user("again"), bot("This turn.")]) == (Said("Hi.", (), {}),)


def test_nothing_was_said_before_the_first_message() -> None:
    assert last_said([]) == ()
    assert last_said([user("hello")]) == ()
    assert last_said([user("hello"), user("again")]) == ()


def test_words_said_before_the_first_message_count() -> None:
    assert last_said([bot("Welcome."), user("again")]) == (Said("Welcome.", (), {}),)


def test_a_message_without_text_is_passed_over() -> None:
    assert last_said([user("hello"), bot(None, "Yes"), user("again")]) == ()


def test_something_said_can_be_said_again_with_buttons_and_metadata() -> None:
    assert Said("A brace.", ("More",), {"kind": "answer", "topic": "afo"}).as_message() == {
        "text": "A brace.",
        "buttons": [{"title": "More", "payload": "More"}],
        "kind": "answer",
        "topic": "afo",
    }


def bot_told(topic: str, depth: str) -> dict[str, object]:
    """The event of an answer."""
    return {"event": "bot", "text": "...", "metadata": {"kind": "answer", "topic": topic, "depth": depth}}


def test_the_ways_in_which_a_topic_was_told_since_the_person_came_to_it() -> None:
    events = [
        bot_told("afo", "answer"), bot_told("driving", "short"), {"event": "user", "text": "thanks"},
        {"event": "bot", "text": "You are welcome.", "metadata": {"kind": "smalltalk"}}, bot_told("driving", "answer"),
    ]  # fmt: skip
    assert ways_told(events, "driving") == ("short", "answer")
    assert ways_told(events, "afo") == ()


def test_what_was_said_and_understood_before_the_last_message() -> None:
    reading = {"intent": "ask_question"}
    events = [
        {"event": "user", "text": "how long?", "parse_data": {"reading": reading}},
        bot_told("afo", "short"),
        {"event": "user", "text": "2", "parse_data": {"reading": {}}},
    ]
    assert (text_before(events), reading_before(events)) == ("how long?", reading)
    assert (text_before(events[:1]), reading_before(events[:1])) == ("", {})


def test_a_choice_of_topics_is_still_known_below_the_answer_to_one_of_them() -> None:
    choice = bot("Which one?", "The brace", "Shoes", kind="clarify", topics=["afo", "footwear"])
    answered = [user("feet"), choice, user("1"), bot("A brace.", "More", kind="answer", topic="afo"), user("the other")]
    assert topics_offered(answered) == ("afo", "footwear")
    assert topics_offered([*answered, bot("Shoes."), user("the second")]) == ()
    assert topics_offered([user("hello")]) == ()
