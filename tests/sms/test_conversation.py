"""What a phone is answered: the rules of the medium, before and around the bot's own replies."""

from __future__ import annotations

import pytest

from bot.channels.sms.webhooks import Part
from bot.records import records
from tests.sms.phone import AMERICAN, BRAZILIAN, BRITISH, Desk, is_help_coming, said

QUESTION = "Did this start today?\n1 Yes 2 No 3 Not sure"


async def test_the_first_text_says_what_this_is_what_it_costs_and_how_to_end_it(new_desk: Desk) -> None:
    assert await new_desk.say("my foot") == [said("welcome"), "You wrote: my foot"]
    assert await new_desk.say("my foot") == ["You wrote: my foot"]


@pytest.mark.parametrize("words", ["not a person", "911", "rates may apply", "STOP", "HELP"])
def test_the_welcome_holds_all_that_it_must(words: str) -> None:
    assert words in said("welcome")


async def test_the_emergency_number_is_that_of_the_phones_country(new_desk: Desk) -> None:
    assert (await new_desk.say("hi", BRITISH))[0] == said("welcome", "999")


async def test_a_phone_of_an_unknown_country_is_asked_for_it(new_desk: Desk) -> None:
    assert await new_desk.say("hi", BRAZILIAN) == [
        said("welcome", "your local emergency number"), said("ask-country"), "You wrote: hi",
    ]  # fmt: skip
    assert await new_desk.say("hi again", BRAZILIAN) == ["You wrote: hi again"]


async def test_a_danger_goes_before_the_welcome_in_one_text(new_desk: Desk) -> None:
    first, *rest = await new_desk.say("I have chest pain and cannot breathe")
    assert first.startswith("Call 911 now.")
    assert len(first) <= 160
    assert rest == [said("welcome"), is_help_coming("I have chest pain and cannot breathe")]


@pytest.mark.parametrize("answer", ["2", "2.", "No", "no", "nope"])
async def test_choices_stand_on_one_line_and_are_answered_by_number_or_word(desk: Desk, answer: str) -> None:
    assert await desk.say("Check my symptoms") == [QUESTION]
    await desk.say(answer)
    assert desk.bot.heard[-1] == answer


async def test_a_number_without_a_question_is_not_guessed_at(desk: Desk) -> None:
    assert await desk.say("2") == [said("no-choices")]
    assert desk.bot.heard == ["hello"]


async def test_numbers_of_an_older_question_are_not_taken_for_the_new_one(desk: Desk) -> None:
    await desk.say("Check my symptoms")
    desk.clock.now += 1  # sooner than anybody can have read the question
    await desk.arrives("2")
    assert await desk.settle() == [said("old-answer"), QUESTION]
    assert desk.bot.heard == ["hello", "Check my symptoms"]
    await desk.say("2")
    assert desk.bot.heard[-1] == "2"


async def test_words_that_say_something_are_heard_however_soon_they_come(desk: Desk) -> None:
    await desk.say("Check my symptoms")
    await desk.arrives("my knee locks back")
    await desk.settle()
    assert desk.bot.heard[-1] == "my knee locks back"


async def test_more_brings_the_rest_page_by_page_and_then_says_that_it_is_all(desk: Desk) -> None:
    long = "It bounces when the toes land first. " * 20
    first = await desk.say(long)
    assert [text[:6] for text in first] == ["(1/3) "]
    assert first[0].endswith(" Reply MORE.")
    second, third = await desk.say("MORE"), await desk.say("more.")
    assert [text[:6] for text in (*second, *third)] == ["(2/3) ", "(3/3) "]
    assert not third[0].endswith("MORE.")
    assert await desk.say("more") == [said("no-more")]
    shown = " ".join(text[6:].removesuffix(" Reply MORE.") for text in (*first, *second, *third))
    assert shown == f"You wrote: {long.strip()}"


async def test_the_advice_that_an_escalation_promised_is_there_after_the_next_answer_too(desk: Desk) -> None:
    first, _ = await desk.say("my face is drooping")
    assert first.endswith(" Reply MORE.")
    assert await desk.say("1") == ["You wrote: 1"]
    (advice,) = await desk.say("MORE")
    assert advice.startswith("(1/")
    assert "stroke" in advice


@pytest.mark.parametrize("next_text", ["It is long. " * 40, "Check my symptoms"])
async def test_more_stands_for_the_latest_reply_that_offers_it(desk: Desk, next_text: str) -> None:
    await desk.say("It bounces when the toes land first. " * 20)
    await desk.say(next_text)
    assert "bounces" not in (await desk.say("MORE"))[0]


@pytest.mark.parametrize("word", ["STOP", "stopall", "Unsubscribe", "END", "quit", "CANCEL", "revoke", "optout"])
async def test_stop_is_confirmed_once_and_then_nothing_is_sent(desk: Desk, word: str) -> None:
    assert await desk.say(word) == [said("stopped")]
    assert [await desk.say(text) for text in (word, "hello?", "help", "more", "1", "")] == [[]] * 6
    assert desk.bot.heard == ["hello"]


async def test_stop_takes_back_what_waits_to_be_sent(desk: Desk) -> None:
    await desk.arrives("my foot")
    await desk.service.answer_next()
    await desk.arrives("stop")
    assert await desk.settle() == [said("stopped")]


async def test_start_brings_a_person_back(desk: Desk) -> None:
    await desk.say("STOP")
    assert await desk.say("START") == [said("started")]
    assert await desk.say("my foot") == ["You wrote: my foot"]


async def test_what_the_provider_has_answered_is_honoured_and_not_answered_twice(desk: Desk) -> None:
    assert await desk.say("Arrêt", handled="stop") == []
    assert await desk.say("my foot") == []
    assert await desk.say("Débuter", handled="start") == []
    assert await desk.say("aide", handled="help") == []
    assert await desk.say("my foot") == ["You wrote: my foot"]


async def test_a_provider_that_answers_keywords_by_itself_is_not_doubled(desk: Desk) -> None:
    desk.carrier.answers_keywords = True
    assert [await desk.say(word) for word in ("STOP", "my foot", "START", "HELP")] == [[], [], [], []]
    assert await desk.say("my foot") == ["You wrote: my foot"]


async def test_a_danger_word_from_somebody_who_opted_out_is_shown_to_staff_and_not_texted(desk: Desk) -> None:
    await desk.say("STOP")
    assert await desk.say("my face is drooping and my arm is numb") == []
    row = records().rows("escalations")[-1]
    assert (row["conversation"], row["category"], row["level"]) == (desk.phone()["id"], "new-stroke", "emergency")


async def test_help_says_how_to_reach_somebody(desk: Desk) -> None:
    assert await desk.say("help") == [said("help")]
    assert await desk.say("INFO") == [said("help")]


@pytest.mark.parametrize(
    ("text", "pictures", "texts"),
    [
        ("", 1, [said("picture")]),
        ("", 0, [said("empty")]),
        (" \u200b ", 0, [said("empty")]),
        ("this brace", 2, ["You wrote: this brace", said("picture")]),
        ("Liked “Chest pain. Hard to breathe.”", 0, [said("reaction")]),
        ("/restart", 0, ["You wrote: restart"]),
        ("👍", 0, ["You wrote: yes"]),
        ("CHECK", 0, ["You wrote: check my symptoms"]),
    ],
)
async def test_what_is_no_plain_text_gets_a_kind_reply(desk: Desk, text: str, pictures: int, texts: list[str]) -> None:
    assert await desk.say(text, pictures=pictures) == texts


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
async def test_a_long_message_in_parts_is_one_message_in_whatever_order_they_come(
    desk: Desk, order: tuple[int, ...]
) -> None:
    parts = {1: "my foot bou", 2: "nces when I wa", 3: "lk on slopes"}
    for number in order:
        assert await desk.settle() == []
        await desk.arrives(parts[number], part=Part("77", number, 3))
    assert await desk.settle() == ["You wrote: my foot bounces when I walk on slopes"]


async def test_what_has_come_of_a_long_message_is_answered_when_the_rest_does_not_come(desk: Desk) -> None:
    await desk.arrives("my foot bounces ", part=Part("78", 1, 3))
    await desk.arrives("on slopes", part=Part("78", 3, 3))
    assert await desk.settle() == []
    desk.clock.now += 61
    assert await desk.settle() == ["You wrote: my foot bounces on slopes"]
    assert await desk.say("when I walk ", part=Part("78", 2, 3)) == []
    desk.clock.now += 61
    assert await desk.settle() == ["You wrote: when I walk"]


async def test_parts_of_two_phones_are_not_mixed(desk: Desk) -> None:
    await desk.arrives("mine ", part=Part("5", 1, 2))
    await desk.arrives("yours ", BRITISH, part=Part("5", 1, 2))
    await desk.arrives("too", BRITISH, part=Part("5", 2, 2))
    await desk.settle()
    assert desk.bot.heard == ["hello", "yours too"]


async def test_a_machine_with_a_name_or_a_short_code_is_not_answered(desk: Desk) -> None:
    assert await desk.say("Your parcel is here", "DHL") == []
    assert await desk.say("Win!", "88788") == []


async def test_nothing_kept_shows_a_number_or_a_word_and_rasa_knows_a_pseudonym(desk: Desk) -> None:
    desk.carrier.outcomes.clear()
    await desk.arrives("my secret foot")
    await desk.service.answer_next()
    for path in desk.folder.iterdir():
        data = path.read_bytes()
        assert b"5550100" not in data
        assert b"secret foot" not in data
    assert all(sender.startswith("phone-") for sender in desk.bot.tracker_store.store)
    await desk.settle()
    assert {row["text"] for row in (*desk.inbox(), *desk.outbox())} == {None}


async def test_the_region_of_the_phone_is_told_to_the_bot(desk: Desk) -> None:
    await desk.say("my foot", BRITISH)
    conversation = desk.phone(BRITISH)["id"]
    tracker = await desk.bot.tracker_store.get_or_create_tracker(conversation)
    assert tracker.latest_message.metadata["region"] == "UK"
    assert AMERICAN not in desk.bot.tracker_store.store[conversation]
