"""Where a child was told of, what is for adults is said to be for adults."""

from __future__ import annotations

import pytest

from bot.replies.answers import short_answer
from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.for_adults import CHILD_TOPIC, NOTICED, TOLD, child_after, for_adults
from bot.replies.reply import Button, Reply


def answer(content: Content, slug: str) -> Reply:
    return short_answer(content.topics[slug], content.titles)


def test_where_no_child_was_told_of_nothing_is_added(content: Content) -> None:
    replies = (answer(content, "afo"), fixed_reply(content, "thank", None))
    assert for_adults(content, replies, None, None) == replies


def test_the_first_answer_stands_below_the_notice_and_leads_on_to_the_topic_on_children(content: Content) -> None:
    greeting, first = fixed_reply(content, "greeting", None), answer(content, "afo")
    notice = fixed_reply(content, "child-first", None)
    said = for_adults(content, (greeting, first), TOLD, None)
    assert said[:2] == (greeting, notice)
    assert (said[2].text, said[2].metadata) == (first.text, first.metadata)
    assert said[2].buttons == (*first.buttons[:-1], Button(content.titles[CHILD_TOPIC]))


def test_each_answer_after_that_begins_with_a_line(content: Content) -> None:
    first = answer(content, "afo")
    (said,) = for_adults(content, (first,), NOTICED, None)
    assert said.text == f"{content.fixed['child-again'].text}\n\n{first.text}"


@pytest.mark.parametrize("child", [TOLD, NOTICED])
def test_the_topic_on_children_and_what_is_no_answer_are_for_everyone(content: Content, child: str) -> None:
    replies = (answer(content, CHILD_TOPIC), fixed_reply(content, "everyday_life", None))
    assert for_adults(content, replies, child, None) == replies


def test_a_child_is_told_of_by_age_by_name_or_by_asking_of_children(content: Content) -> None:
    of_children = {"topics": [{"slug": CHILD_TOPIC, "score": content.thresholds.answer_at}]}
    unsure = {"topics": [{"slug": CHILD_TOPIC, "score": content.thresholds.answer_at - 0.01}]}
    assert child_after(content, None, "my son is 9", {}, ()) == TOLD
    assert child_after(content, None, "is it ok in the young", of_children, ()) == TOLD
    assert child_after(content, None, "is it ok in the young", unsure, ()) is None
    assert child_after(content, None, "my son is 34", {}, ()) is None


def test_the_notice_counts_once_it_was_said_and_nothing_takes_that_back(content: Content) -> None:
    notice = content.fixed["child-first"].text
    assert child_after(content, TOLD, "and then", {}, ("Hello.", notice)) == NOTICED
    assert child_after(content, TOLD, "and then", {}, ("Hello.",)) == TOLD
    assert child_after(content, NOTICED, "my foot", {}, ()) == NOTICED
    assert child_after(content, None, "my foot", {}, ()) is None
