"""A topic as replies: short first, then more, simpler, or where it is from."""

from __future__ import annotations

import pytest

from bot.replies.answers import full_answer, rest_of_answer, short_answer, simple_answer, where_it_is_from, which_topic
from bot.replies.content import Content
from bot.replies.reply import Button, Kind, Reply
from knowledge.library import SourceEntry, TopicEntry

TOPIC = TopicEntry(
    slug="heel-wedge",
    title="Heel wedges",
    group="help",
    short="A wedge lifts the heel.",
    simple="It lifts your heel.",
    answer="A wedge can make the foot calm.\n\nStart thin.",
    steps=("Ask first.", "Start thin.", "Hold a rail.", "Keep stretching."),
    cautions=("Do not go thick.", "Stop if it hurts."),
    related=("afo", "gone", "footwear", "jumping"),
    sources=(
        SourceEntry("a-book", "A book", "A press", 2010, "https://example.org/book"),
        SourceEntry("a-talk", "A talk", "A clinic", None, None),
    ),
    reviewed_on="2026-01-05",
    reviewed_by="Content team",
)
TITLES = {"heel-wedge": "Heel wedges", "afo": "Braces", "footwear": "Shoes", "jumping": "Jumping"}
METADATA = {
    "topic": "heel-wedge",
    "steps": ["heel-wedge/1", "heel-wedge/2", "heel-wedge/3", "heel-wedge/4"],
    "sources": ["a-book", "a-talk"],
}


def buttons(*titles: str) -> tuple[Button, ...]:
    """Buttons with these words."""
    return tuple(Button(title) for title in titles)


def test_the_short_answer_gives_three_steps_one_caution_and_two_related_topics() -> None:
    assert short_answer(TOPIC, TITLES) == Reply(
        Kind.ANSWER,
        "A wedge lifts the heel.\n\n"
        "What you can do:\n- Ask first.\n- Start thin.\n- Hold a rail.\n\n"
        "Take care:\n- Do not go thick.",
        buttons("More", "Simpler", "Where is this from?", "Braces", "Shoes"),
        {**METADATA, "depth": "short"},
    )


def test_the_short_answer_to_a_problem_offers_the_check_first() -> None:
    reply = short_answer(TOPIC, TITLES, offer_check=True)
    assert reply.text.endswith('\n\nI can also ask you a few questions. Say "check my symptoms".')
    assert reply.buttons[0] == Button("Check my symptoms")


def test_the_full_answer_gives_every_step_and_caution() -> None:
    assert full_answer(TOPIC, TITLES) == Reply(
        Kind.ANSWER,
        "A wedge can make the foot calm.\n\nStart thin.\n\n"
        "What you can do:\n- Ask first.\n- Start thin.\n- Hold a rail.\n- Keep stretching.\n\n"
        "Take care:\n- Do not go thick.\n- Stop if it hurts.",
        buttons("Simpler", "Where is this from?", "Braces", "Shoes"),
        {**METADATA, "depth": "answer"},
    )


def test_after_the_short_answer_more_does_not_repeat_its_steps_and_caution() -> None:
    assert rest_of_answer(TOPIC, TITLES) == Reply(
        Kind.ANSWER,
        "A wedge can make the foot calm.\n\nStart thin.\n\n"
        "You can also:\n- Keep stretching.\n\n"
        "Take care:\n- Stop if it hurts.",
        buttons("Simpler", "Where is this from?", "Braces", "Shoes"),
        {**METADATA, "depth": "answer"},
    )


def test_the_simple_answer_is_the_simple_text_alone() -> None:
    assert simple_answer(TOPIC, TITLES) == Reply(
        Kind.ANSWER,
        "It lifts your heel.",
        buttons("More", "Where is this from?", "Braces", "Shoes"),
        {**METADATA, "depth": "simple"},
    )


def test_where_it_is_from_names_every_source_and_the_review() -> None:
    assert where_it_is_from(TOPIC, TITLES) == Reply(
        Kind.ANSWER,
        'Where "Heel wedges" is from:\n'
        "- A book. A press, 2010. https://example.org/book\n"
        "- A talk. A clinic\n\n"
        "Last reviewed: 2026-01-05. Content team.",
        buttons("Simpler", "Braces", "Shoes"),
        {**METADATA, "depth": "sources"},
    )


def test_which_topic_offers_numbered_choices_that_can_be_typed() -> None:
    assert which_topic("Which one?", ["afo", "footwear"], TITLES, "None of these") == Reply(
        Kind.CLARIFY,
        "Which one?\n\n1. Braces\n2. Shoes\n3. None of these",
        buttons("Braces", "Shoes", "None of these"),
        {"topics": ["afo", "footwear"], "options": ["Braces", "Shoes", "None of these"]},
    )


@pytest.mark.parametrize("telling", [short_answer, full_answer, rest_of_answer, simple_answer, where_it_is_from])
def test_every_topic_can_be_told_in_every_way(content: Content, telling) -> None:  # type: ignore[no-untyped-def]
    for slug, topic in content.topics.items():
        reply = telling(topic, content.titles)
        assert (reply.kind, reply.metadata["topic"]) == (Kind.ANSWER, slug)
        assert reply.metadata["sources"] == [source.slug for source in topic.sources]
        assert "{" not in reply.text


def test_every_topic_names_the_title_of_each_of_its_sources(content: Content) -> None:
    missing = [
        (slug, source.slug)
        for slug, topic in content.topics.items()
        for source in topic.sources
        if source.title not in where_it_is_from(topic, content.titles).text
    ]
    assert missing == []
