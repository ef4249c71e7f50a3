"""What was asked of a topic is what is told: the detail, the part, or an honest "I have no answer to just that"."""

from __future__ import annotations

from typing import Any

from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Button, Kind, Reply
from bot.replies.topics import answer_asked, answer_matters, answer_matters_at_once, answer_topics
from bot.understanding.offers import NEXT_MATTER, TELL_MORE

SENTENCE = "Refills come every few weeks to months."
SLUG = "baclofen-pump"


def reading(slug: str = SLUG, *, kinds: tuple[str, ...] = (), fit: float = 0.9, **more: Any) -> dict[str, Any]:
    """A reading of a message about one topic, with a detail found in it."""
    detail = {"kinds": list(kinds), "sentences": [SENTENCE], "fit": fit, "yes_or_no": more.pop("yes_or_no", False)}
    return {
        "intent": "ask_question",
        "topics": [{"slug": slug, "score": 0.95}],
        "in_scope": True,
        "follow_up": False,
        "details": {slug: detail},
        "denied": [],
        **more,
    }


def told(content: Content, asked: dict[str, Any], ways: tuple[str, ...] = ()) -> Reply:
    """The one reply to a reading."""
    (reply,) = answer_asked(content, asked["topics"][0]["slug"], asked, ways).replies
    return reply


def depth(reply: Reply) -> object:
    """How the topic was told."""
    return reply.metadata["depth"]


def test_a_detail_asked_for_comes_first_word_for_word_and_the_rest_is_offered(content: Content) -> None:
    reply = told(content, reading(kinds=("how-often",)))
    assert (depth(reply), reply.text) == ("detail", f"{SENTENCE}\n\n{content.fixed['the-rest'].text}")
    assert reply.buttons[0] == Button("More")


def test_a_first_question_that_names_no_detail_gets_the_short_answer(content: Content) -> None:
    assert depth(told(content, reading())) == "short"
    assert depth(told(content, reading(kinds=("why",)))) == "short"


def test_a_detail_that_does_not_fit_well_is_not_told_first(content: Content) -> None:
    reply = told(content, reading(kinds=("how-often",), fit=content.thresholds.details.say_at - 0.01))
    assert (depth(reply), SENTENCE in reply.text) == ("short", False)


def test_a_yes_or_no_question_gets_its_sentence_before_the_short_answer(content: Content) -> None:
    reply = told(content, reading(yes_or_no=True))
    assert (depth(reply), reply.text.startswith(f"{SENTENCE}\n\n")) == ("short", True)


def test_a_follow_up_that_the_topic_does_not_answer_is_told_so_and_what_was_told_is_not_told_again(
    content: Content,
) -> None:
    asked = reading(fit=0.1, follow_up=True)
    sorry, rest = content.fixed["no-detail"].text, content.fixed["the-rest"].text
    first, after_short = (told(content, asked, ways) for ways in ((), ("short",)))
    assert (depth(first), first.text.startswith(sorry)) == ("short", True)
    assert (depth(after_short), after_short.text, after_short.buttons[0]) == (
        "detail", f"{sorry}\n\n{rest}", Button("More"),
    )  # fmt: skip


def test_a_sentence_that_fits_less_well_is_told_as_the_nearest_there_is(content: Content) -> None:
    nearest, rest = content.fixed["nearest"].text, content.fixed["the-rest"].text
    for fit in (content.thresholds.details.nearest_at, content.thresholds.details.say_at - 0.01):
        reply = told(content, reading(fit=fit, follow_up=True), ("short",))
        assert (depth(reply), reply.text) == ("detail", f"{nearest}\n\n{SENTENCE}\n\n{rest}")
    below = told(content, reading(fit=content.thresholds.details.nearest_at - 0.01, follow_up=True), ("short",))
    assert SENTENCE not in below.text


def test_what_only_a_clinician_can_say_is_said_to_be_so_before_what_is_known_in_general(content: Content) -> None:
    general = told(content, reading())
    for personal in content.thresholds.personal:
        reply = told(content, reading(personal=personal))
        assert reply.text == f"{content.fixed[f'{personal}-first'].text}\n\n{general.text}"
        assert (depth(reply), reply.buttons) == (depth(general), general.buttons)


def test_what_was_told_in_full_is_not_said_all_over_again(content: Content) -> None:
    reply = told(content, reading(fit=0.1, follow_up=True), ("short", "answer"))
    assert reply.text == content.fixed["no-detail"].text


def test_what_is_only_told_on_gets_the_topic_without_an_apology(content: Content) -> None:
    told_on = {**reading(fit=0.1, follow_up=True), "intent": "report_problem"}
    first, after_short, after_all = (told(content, told_on, ways) for ways in ((), ("short",), ("short", "answer")))
    assert [depth(reply) for reply in (first, after_all)] == ["short", "answer"]
    assert after_short == fixed_reply(content, "told-more", None, offer=TELL_MORE)
    assert all(content.fixed["no-detail"].text not in reply.text for reply in (first, after_short, after_all))
    assert after_all.text == content.fixed["no-more"].text


def test_a_bare_why_gets_the_whole_answer(content: Content) -> None:
    assert depth(told(content, reading(kinds=("why",), fit=0.1, follow_up=True))) == "answer"


def test_what_is_safe_gets_every_caution_and_no_promise(content: Content) -> None:
    reply = told(content, reading(kinds=("safe",), follow_up=True))
    cautions = content.topics[SLUG].cautions
    assert depth(reply) == "cautions"
    assert [caution for caution in cautions if caution not in reply.text] == []
    assert reply.text.endswith(content.fixed["safe-for-you"].text)


def test_a_topic_without_cautions_is_never_called_safe(content: Content) -> None:
    slug = next(slug for slug, topic in content.topics.items() if not topic.cautions)
    reply = told(content, reading(slug, kinds=("safe",), follow_up=True))
    assert reply.text.startswith(content.fixed["safe-for-you"].text)


def test_the_steps_are_told_alone(content: Content) -> None:
    reply = told(content, reading(kinds=("what-to-do",), follow_up=True))
    assert (depth(reply), content.topics[SLUG].short in reply.text) == ("steps", False)


def test_a_sentence_that_has_left_the_library_is_not_told(content: Content) -> None:
    asked = reading(kinds=("how-often",))
    asked["details"][SLUG]["sentences"] = ["Refills come every day."]
    reply = told(content, asked)
    assert (depth(reply), "every day" in reply.text) == ("short", False)


def test_what_the_message_says_is_not_so_is_asked_about(content: Content) -> None:
    (reply,) = answer_topics(content, reading(denied=[SLUG]), None).replies
    assert (reply.kind, reply.metadata["topics"]) == (Kind.CLARIFY, [SLUG])


def test_of_two_topics_the_one_that_is_denied_is_left_out(content: Content) -> None:
    topics = [{"slug": SLUG, "score": 0.5}, {"slug": "afo", "score": 0.4}]
    assert answer_topics(content, reading(topics=topics, denied=[SLUG]), None).topic == "afo"


def several(*matters: dict[str, Any]) -> dict[str, Any]:
    """A reading of a message with several matters."""
    return reading(matters=list(matters))


DOSE = {"intent": "dose", "in_scope": False, "topics": [], "text": "how many mg"}
CHECK = {"intent": "start_check", "in_scope": False, "topics": [], "text": "check my symptoms"}


def test_the_first_matter_is_answered_and_the_next_is_offered(content: Content) -> None:
    outcome = answer_matters(content, several(reading("afo"), DOSE), None)
    answer, offer = outcome.replies
    assert (answer.metadata["topic"], outcome.topic, outcome.waiting) == ("afo", "afo", ({"intent": "dose"},))
    assert (offer.kind, offer.metadata, offer.buttons) == (
        Kind.CLARIFY, {"offer": NEXT_MATTER}, (Button("Yes"), Button("No")),
    )  # fmt: skip
    assert content.fixed["about-dose"].text in offer.text


def test_of_several_things_each_can_be_picked_by_name(content: Content) -> None:
    offer = answer_matters(content, several(reading("afo"), DOSE, reading("footwear")), None).replies[-1]
    names = (content.fixed["about-dose"].text, content.titles["footwear"])
    assert (offer.metadata, offer.buttons) == ({"offer": NEXT_MATTER}, tuple(map(Button, names)))


def test_what_was_not_understood_is_named_before_the_offer_to_go_on(content: Content) -> None:
    unclear = {"intent": "not_placed", "in_scope": False, "topics": [], "text": "can my dog come"}
    outcome = answer_matters(content, several(reading("afo"), DOSE, unclear), None)
    assert [reply.kind for reply in outcome.replies] == [Kind.ANSWER, Kind.NOTICE, Kind.CLARIFY]
    assert (outcome.replies[1].text, outcome.waiting) == (
        f'"can my dog come"\n{content.fixed["part-not-placed"].text}',
        ({"intent": "dose"},),
    )
    alone = answer_matters(content, several(reading("afo"), unclear), None)
    assert [reply.kind for reply in alone.replies] == [Kind.ANSWER, Kind.NOTICE]


def test_the_check_in_waits_until_the_questions_are_answered(content: Content) -> None:
    outcome = answer_matters(content, several(CHECK, reading("afo")), None)
    assert (outcome.topic, outcome.waiting) == ("afo", ({"intent": "start_check"},))


def test_inside_a_check_in_everything_is_answered_at_once(content: Content) -> None:
    replies = answer_matters_at_once(content, several(reading("afo"), DOSE, CHECK), None)
    assert [reply.kind for reply in replies] == [Kind.ANSWER, Kind.FALLBACK]


def test_every_matter_that_may_wait_has_a_name(content: Content) -> None:
    from bot.understanding.several import OWN_MATTERS, OWN_WHEN_ASKED

    waiting = {f"about-{intent}" for intent in OWN_MATTERS | OWN_WHEN_ASKED}
    assert waiting - set(content.fixed) == set()
    assert (OWN_MATTERS | OWN_WHEN_ASKED) - {"start_check"} - set(content.fixed) == set()
