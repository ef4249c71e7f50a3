"""One clear topic is answered, a few close ones are asked about, and nothing near is said honestly."""

from __future__ import annotations

from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Kind
from bot.replies.topics import answer_topics


def reading(*topics: tuple[str, float], intent: str = "ask_question", in_scope: bool = True) -> dict[str, object]:
    """What was understood, as the message reader writes it."""
    return {
        "intent": intent,
        "topics": [{"slug": slug, "score": score} for slug, score in topics],
        "in_scope": in_scope,
    }


def test_a_clear_winner_is_answered(content: Content) -> None:
    clear = content.thresholds.answer_at
    outcome = answer_topics(content, reading(("afo", clear), ("footwear", 1 - clear)), None)
    (reply,) = outcome.replies
    assert (outcome.topic, reply.kind, reply.metadata["topic"]) == ("afo", Kind.ANSWER, "afo")


def test_an_answer_that_may_not_be_meant_says_first_what_the_message_is_taken_for(content: Content) -> None:
    limits = content.thresholds
    texts = [
        answer_topics(content, {**reading(("afo", score)), **more}, None).replies[0].text
        for score, more in (
            (limits.sure_at, {}), (limits.sure_at - 0.01, {}), (limits.sure_at - 0.01, {"follow_up": True}),
        )
    ]  # fmt: skip
    taken_for = f'I think you ask about "{content.titles["afo"]}". If not, please say it in other words.'
    assert texts == [texts[0], f"{taken_for}\n\n{texts[0]}", texts[0]]


def test_nobody_who_asks_whether_to_call_reads_a_doubt_first(content: Content) -> None:
    unsure = reading(("when-to-call-emergency", content.thresholds.sure_at - 0.01))
    (reply,) = answer_topics(content, unsure, None).replies
    assert reply.text.startswith(content.topics["when-to-call-emergency"].short)


def test_a_few_close_topics_are_offered_with_a_way_out(content: Content) -> None:
    unclear, offered = content.thresholds.answer_at - 0.01, content.thresholds.offer_at
    outcome = answer_topics(
        content, reading(("afo", unclear), ("footwear", offered), ("jumping", offered - 0.01)), None
    )
    (reply,) = outcome.replies
    assert (outcome.topic, reply.kind, reply.metadata["topics"]) == (None, Kind.CLARIFY, ["afo", "footwear"])
    assert [button.title for button in reply.buttons] == [
        content.titles["afo"], content.titles["footwear"], "None of these",
    ]  # fmt: skip


def test_no_more_topics_are_offered_than_a_person_can_take_in(content: Content) -> None:
    close = reading(*((slug, 0.2) for slug in ("afo", "footwear", "jumping", "driving", "fatigue")))
    (reply,) = answer_topics(content, close, None).replies
    assert len(reply.metadata["topics"]) == content.thresholds.most_offers


def test_one_likely_topic_among_unlikely_ones_is_answered(content: Content) -> None:
    outcome = answer_topics(content, reading(("afo", 0.4), ("footwear", 0.01)), None)
    assert outcome.topic == "afo"


def test_one_weak_topic_alone_is_asked_about_and_not_guessed(content: Content) -> None:
    (reply,) = answer_topics(content, reading(("afo", 0.15), ("footwear", 0.01)), None).replies
    assert (reply.kind, reply.metadata["topics"]) == (Kind.CLARIFY, ["afo"])


def test_a_message_out_of_scope_is_answered_honestly(content: Content) -> None:
    not_placed = (fixed_reply(content, "not-placed", None),)
    assert answer_topics(content, reading(("afo", 0.2), in_scope=False), None).replies == not_placed
    assert answer_topics(content, reading(), None).replies == not_placed


def test_what_a_message_out_of_scope_may_be_about_can_be_picked_and_is_not_told(content: Content) -> None:
    near = reading(("afo", 0.4), ("footwear", 0.3), ("jumping", 0.1), in_scope=False)
    outcome = answer_topics(content, near, None)
    plain = fixed_reply(content, "not-placed", None)
    titles = [content.titles[slug] for slug in ("afo", "footwear")]
    assert [(reply.text, reply.metadata) for reply in outcome.replies] == [(plain.text, plain.metadata)]
    assert [button.title for button in outcome.replies[0].buttons] == titles + [one.title for one in plain.buttons]
    assert outcome.topic is None


def test_a_topic_that_has_left_the_library_is_passed_over(content: Content) -> None:
    outcome = answer_topics(content, reading(("long-gone", 0.9), ("afo", 0.8)), None)
    assert outcome.topic == "afo"
    assert answer_topics(content, reading(("long-gone", 0.9)), None).replies == (
        fixed_reply(content, "not-placed", None),
    )


def test_the_check_is_offered_for_a_problem_told_and_for_the_three_named_problems(content: Content) -> None:
    def offers_check(slug: str, intent: str) -> bool:
        (reply,) = answer_topics(content, reading((slug, 0.9), intent=intent), None).replies
        return "Check my symptoms" in [button.title for button in reply.buttons]

    assert offers_check("afo", "report_problem")
    assert not offers_check("afo", "ask_question")
    assert [offers_check(slug, "ask_question") for slug in ("foot-bounce", "knee-locking", "falling-backward")] == [
        True
    ] * 3
