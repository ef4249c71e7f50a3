"""Several things in one message are each heard."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.understanding.context import Context
from bot.understanding.details import Detail
from bot.understanding.reading import RankedTopic, Reading
from bot.understanding.several import beside_danger, understand
from bot.understanding.sureness import Sureness

SURE = Sureness(
    asked=0.55,
    told=0.8,
    told_behind=0.7,
    leaning=0.95,
    beside=0.4,
    listed=0.4,
    listed_two=0.85,
    refused=0.6,
    detail=0.5,
    words_alone=3,
    words_pointing=6,
    words_of_anything=12,
    words_told=3,
    words_unclear=5,
    words_pick=5,
    words_story=12,
    picked=0.1,
    of_anything=["stop-an-episode", "foot-bounce"],
    rest_phrases=[],
)


def points_back(text: str) -> bool:
    """Whether "it" or "that" stands in it."""
    return bool({"it", "that"} & set(re.findall(r"\w+", text.lower())))


def topic(slug: str, score: float, *sentences: str, follow_up: bool = False) -> Reading:
    """A reading of a message about a topic."""
    details = {slug: Detail(("how-long",), sentences, 0.9)} if sentences else {}
    return Reading(
        "ask_question", 0.9, (RankedTopic(slug, score),), in_scope=True, follow_up=follow_up, details=details
    )


def intent(name: str, confidence: float = 0.9) -> Reading:
    """A reading of a message about no topic."""
    return Reading(name, confidence, (), in_scope=False)


def heard(text: str, readings: dict[str, Reading], context: Context | None = None) -> tuple[Reading, list[str]]:
    """The reading of the whole and the words of each matter, where each piece is read as given."""
    asked: list[Context | None] = []

    def read(words: str, about: Context | None) -> Reading:
        asked.append(about)
        return readings[words]

    reading, pieces = understand(text, context, read, points_back, SURE)
    return reading, [piece.text for piece in pieces]


def test_two_topics_are_two_matters_in_order() -> None:
    whole = topic("afo", 0.5)
    text = "What is a brace? And can I drive?"
    readings = {text: whole, "What is a brace?": topic("afo", 0.9), "And can I drive?": topic("driving", 0.9)}
    assert heard(text, readings) == (whole, ["What is a brace?", "And can I drive?"])


def test_one_thing_in_one_sentence_is_read_once() -> None:
    whole = topic("afo", 0.9)
    assert heard("what is a brace", {"what is a brace": whole}) == (whole, [])


def test_a_thank_you_before_a_question_is_no_matter() -> None:
    question = topic("afo", 0.9)
    text = "Thank you. What is a brace?"
    assert heard(text, {text: topic("afo", 0.4), "Thank you.": intent("thank"), "What is a brace?": question}) == (
        question, [],
    )  # fmt: skip


def test_an_illness_told_before_a_question_belongs_to_it() -> None:
    whole = intent("other_illness")
    text = "My mum has diabetes, what should she eat?"
    readings = {
        text: whole,
        "My mum has diabetes": intent("other_illness"),
        "what should she eat?": topic("brain-foods", 0.9),
    }
    assert heard(text, readings) == (whole, [])


def test_what_has_a_fixed_reply_is_a_matter_beside_a_topic() -> None:
    text = "How many mg do I take? What is a brace?"
    readings = {text: intent("dose"), "How many mg do I take?": intent("dose"), "What is a brace?": topic("afo", 0.9)}
    assert heard(text, readings)[1] == ["How many mg do I take?", "What is a brace?"]


def test_a_story_needs_more_to_count_than_a_question() -> None:
    whole = topic("driving", 0.9)
    text = "I had a stroke. Can I drive?"
    readings = {
        text: whole,
        "I had a stroke.": topic("recovery-and-plateau", 0.7),
        "Can I drive?": topic("driving", 0.9),
    }
    assert heard(text, readings) == (whole, [])


def test_two_questions_on_one_topic_are_told_together_and_are_no_follow_up() -> None:
    text = "How long does botox last? How soon does it work?"
    readings = {
        text: topic("botulinum-toxin", 0.9),
        "How long does botox last?": topic("botulinum-toxin", 0.9, "Months."),
        "How soon does it work?": topic("botulinum-toxin", 0.9, "Days.", follow_up=True),
    }
    reading, matters = heard(text, readings)
    assert (reading.details["botulinum-toxin"].sentences, reading.follow_up, matters) == (
        ("Months.", "Days."),
        False,
        [],
    )


def test_a_question_behind_a_matter_without_a_topic_is_not_about_the_topic_told_before() -> None:
    """ "I take two, is that a lot" asks of the two, whatever was told before."""
    whole = intent("dose")
    text = "I take 10 mg, is that a lot"

    def read(words: str, about: Context | None) -> Reading:
        if words == "is that a lot" and about is not None and about.topic == "footwear":
            return topic("footwear", 0.9, follow_up=True)
        return {text: whole, "I take 10 mg": intent("dose"), "is that a lot": intent("not_placed", 0.3)}[words]

    assert understand(text, Context("footwear"), read, points_back, SURE) == (whole, ())


def test_what_is_told_beside_the_wish_for_a_check_in_is_no_matter_of_its_own_but_a_question_is() -> None:
    whole, wish = intent("start_check"), intent("start_check")
    told = "Check my symptoms. It lasts two seconds."
    readings = {told: whole, "Check my symptoms.": wish, "It lasts two seconds.": topic("clonus-beats", 0.9)}
    assert heard(told, readings)[1] == []
    asked = "Check my symptoms. And can I drive?"
    readings = {asked: whole, "Check my symptoms.": wish, "And can I drive?": topic("driving", 0.9)}
    assert heard(asked, readings) == (whole, ["Check my symptoms.", "And can I drive?"])


def read_in_order(readings: dict[tuple[str, str | None], Reading]):  # type: ignore[no-untyped-def]
    """Reads words by what they are and the topic before them."""

    def read(words: str, about: Context | None) -> Reading:
        return readings[words, about.topic if about is not None else None]

    return read


def test_a_question_that_can_stand_alone_is_not_taken_for_one_on_the_matter_before_it() -> None:
    text = "How many beats are normal? And do my beats mean I cannot drive?"
    driving = "And do my beats mean I cannot drive?"
    read = read_in_order({
        (text, None): topic("clonus-beats", 0.9),
        ("How many beats are normal?", None): topic("clonus-beats", 0.9),
        (driving, "clonus-beats"): topic("clonus-beats", 0.8, follow_up=True),
        (driving, None): topic("driving", 0.9),
    })  # fmt: skip
    pieces = understand(text, None, read, points_back, SURE)[1]
    assert [(piece.text, piece.reading.topics[0].slug) for piece in pieces] == [
        ("How many beats are normal?", "clonus-beats"), (driving, "driving"),
    ]  # fmt: skip


def test_a_short_question_leans_on_what_was_told_before_it_even_if_that_is_no_matter_by_itself() -> None:
    text = "My foot goes crazy in the stretch, is there a better way? And can I drive?"
    story = "My foot goes crazy in the stretch"
    read = read_in_order({
        (text, None): topic("stretching-mistakes", 0.5),
        (story, None): topic("stretching-mistakes", 0.7),
        ("is there a better way?", "stretching-mistakes"): topic("stretching-mistakes", 0.9, follow_up=True),
        ("is there a better way?", None): intent("ask_follow_up"),
        ("And can I drive?", "stretching-mistakes"): topic("driving", 0.9),
        ("And can I drive?", None): topic("driving", 0.9),
    })  # fmt: skip
    pieces = understand(text, None, read, points_back, SURE)[1]
    assert [piece.text for piece in pieces] == ["is there a better way?", "And can I drive?"]


@pytest.mark.parametrize(
    ("before", "about"),
    [("swing-leg-out", "swing-leg-out"), ("foot-bounce", "stop-an-episode")],
)
def test_what_could_be_asked_of_anything_is_asked_of_what_stands_before_it(before: str, about: str) -> None:
    """ "How do I stop doing that" is about the bounce only where the bounce was spoken of."""
    text = "My hip is sore from it. So how do I stop doing that in the shop? And can I drive?"
    story, question = "My hip is sore from it.", "So how do I stop doing that in the shop?"
    read = read_in_order({
        (text, None): topic(before, 0.5),
        (story, None): topic(before, 0.7),
        (question, before): topic(before, 0.8, follow_up=True),
        (question, None): topic("stop-an-episode", 0.9),
        ("And can I drive?", about): topic("driving", 0.9),
        ("And can I drive?", None): topic("driving", 0.9),
    })  # fmt: skip
    pieces = understand(text, None, read, points_back, SURE)[1]
    assert [piece.reading.topics[0].slug for piece in pieces] == [about, "driving"]


def test_two_words_that_say_who_asks_are_no_matter() -> None:
    whole = topic("walking-aids", 0.9)
    text = "Carer here. Which stick is best?"
    readings = {text: whole, "Carer here.": topic("caregiver-help", 0.99), "Which stick is best?": whole}
    assert heard(text, readings) == (whole, [])


def test_what_was_told_before_does_not_hide_that_two_things_are_said() -> None:
    text = "My brace rubs and how often do I stretch?"
    read = read_in_order({
        (text, "spasticity-medicines"): topic("afo-fit-and-skin", 0.9),
        ("My brace rubs", "spasticity-medicines"): topic("afo-fit-and-skin", 0.7),
        ("My brace rubs", None): topic("afo-fit-and-skin", 0.9),
        ("how often do I stretch?", "afo-fit-and-skin"): topic("calf-stretching", 0.8),
        ("how often do I stretch?", None): topic("calf-stretching", 0.9),
    })  # fmt: skip
    pieces = understand(text, Context("spasticity-medicines"), read, points_back, SURE)[1]
    assert [piece.text for piece in pieces] == ["My brace rubs", "how often do I stretch?"]


def test_a_short_question_that_alone_is_clearly_about_something_else_is_a_matter_of_its_own() -> None:
    text = "Does physio help? Will it ever stop?"

    def pieces(score: float) -> list[str]:
        read = read_in_order({
            (text, None): topic("physical-therapy", 0.9),
            ("Does physio help?", None): topic("physical-therapy", 0.9),
            ("Will it ever stop?", "physical-therapy"): topic("physical-therapy", 0.8, follow_up=True),
            ("Will it ever stop?", None): topic("will-clonus-go-away", score),
        })  # fmt: skip
        return [piece.text for piece in understand(text, None, read, points_back, SURE)[1]]

    assert (pieces(0.96), pieces(0.94)) == (["Does physio help?", "Will it ever stop?"], [])


def test_a_short_question_behind_something_told_leans_on_it_however_clear_it_is_alone() -> None:
    text = "My knee snaps back, how do I stop it? And can I drive?"
    read = read_in_order({
        (text, None): topic("knee-locking", 0.9),
        ("My knee snaps back", None): topic("knee-locking", 0.9),
        ("how do I stop it?", "knee-locking"): topic("knee-locking", 0.9, follow_up=True),
        ("how do I stop it?", None): topic("stop-an-episode", 0.99),
        ("And can I drive?", "knee-locking"): topic("driving", 0.9),
        ("And can I drive?", None): topic("driving", 0.9),
    })  # fmt: skip
    pieces = understand(text, None, read, points_back, SURE)[1]
    assert [piece.reading.topics[0].slug for piece in pieces] == ["knee-locking", "driving"]


def test_what_is_told_behind_a_question_counts_sooner_than_a_story_before_it() -> None:
    whole, drive = topic("driving", 0.9), "Can I drive?"
    behind, before = f"{drive} My hip hikes up.", f"My hip hikes up. {drive}"
    readings = {behind: whole, before: whole, drive: whole, "My hip hikes up.": topic("swing-leg-out", 0.75)}
    assert heard(behind, readings)[1] == [drive, "My hip hikes up."]
    assert heard(before, readings)[1] == []


def test_a_question_that_alone_is_not_placed_counts_beside_one_that_is() -> None:
    unplaced = Reading("not_placed", 0.5, (RankedTopic("who-can-help", 0.5),), in_scope=False)
    whole, tremor, who = topic("clonus-beats", 0.9), "Is it a tremor?", "And whom do I see about all this?"
    text = f"{tremor} {who}"
    assert heard(text, {text: whole, tremor: whole, who: unplaced})[1] == [tremor, who]
    greeting = f"Hi there. {who}"
    assert heard(greeting, {greeting: unplaced, "Hi there.": intent("greet"), who: unplaced}) == (unplaced, [])


def test_a_long_question_that_fits_nothing_comes_last_and_is_named() -> None:
    whole, brace = topic("afo", 0.5), topic("afo", 0.9)
    text = "Can my dog come to the clinic? What is a brace?"
    unclear = intent("report_problem", 0.3)
    readings = {text: whole, "Can my dog come to the clinic?": unclear, "What is a brace?": brace}
    reading, pieces = understand(text, None, lambda words, about: readings[words], points_back, SURE)
    assert (reading, [(piece.text, piece.reading.intent, piece.reading.in_scope) for piece in pieces]) == (
        whole,
        [("What is a brace?", "ask_question", True), ("Can my dog come to the clinic?", "not_placed", False)],
    )


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ("Is that all right?", intent("not_placed", 0.3)),
        ("Has been like that for years now.", intent("not_placed", 0.3)),
        ("Could you tell me please dear?", intent("thank", 0.3)),
    ],
)
def test_short_ones_statements_and_courtesies_are_not_named(words: str, reading: Reading) -> None:
    brace = topic("afo", 0.9)
    text = f"What is a brace? {words}"
    assert heard(text, {text: brace, "What is a brace?": brace, words: reading}) == (brace, [])


def test_beside_the_wish_for_a_check_in_nothing_is_named() -> None:
    text = "Check my symptoms. Can my dog come to the clinic?"
    wish, unclear = intent("start_check"), intent("not_placed", 0.3)
    readings = {text: wish, "Check my symptoms.": wish, "Can my dog come to the clinic?": unclear}
    assert heard(text, readings) == (wish, [])


def test_beside_a_danger_only_sure_questions_in_other_words_wait() -> None:
    text = "My calf is swollen. Can I stretch the calf? Which shoes are best? Is it the heat? My brace rubs."
    readings = {
        "Which shoes are best?": topic("footwear", 0.9),
        "Is it the heat?": topic("clonus-triggers", 0.6),
    }
    pieces = beside_danger(text, ("calf", "swollen"), lambda words, about: readings[words], SURE)
    assert [(piece.text, piece.reading.topics[0].slug) for piece in pieces] == [("Which shoes are best?", "footwear")]


def test_what_a_long_message_tells_before_its_question_comes_after_it() -> None:
    told, asked = "My foot bounced all the way round the market.", "Am I allowed to drive there?"
    readings = {told: topic("foot-bounce", 0.9), asked: topic("driving", 0.9), f"{told} {asked}": topic("driving", 0.6)}
    assert heard(f"{told} {asked}", readings)[1] == [asked, told]


def test_a_question_about_the_bot_is_not_about_the_topic_before_it() -> None:
    drive, who = "can he drive", "who can read this"
    text = f"{drive}, and {who}"
    readings = {text: topic("driving", 0.9), drive: topic("driving", 0.9), who: intent("ask_privacy")}
    assert heard(text, readings)[1] == [drive, who]


def test_a_question_likelier_of_a_topic_than_of_anything_else_counts_beside_one_that_is_placed() -> None:
    botox, food = "how long does botox last", "what food should I cook"
    likelier = replace(intent("bot_test", 0.45), topics=(RankedTopic("brain-foods", 0.5),))
    text = f"{botox} and {food}"
    readings = {text: topic("botulinum-toxin", 0.9), botox: topic("botulinum-toxin", 0.9), food: likelier}
    assert heard(text, readings)[1] == [botox, food]
    readings[food] = replace(likelier, confidence=0.6)
    assert heard(text, readings)[1] == []
