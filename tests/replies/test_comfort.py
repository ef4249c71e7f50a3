"""The kind word before the answer to somebody who is afraid."""

from __future__ import annotations

import pytest

from bot.replies.comfort import FEAR_TOPIC, comforted
from bot.replies.content import Content
from bot.replies.reply import Kind, Reply

AFRAID = "my foot bounces and I'm scared"
ANSWER = Reply(Kind.ANSWER, "It beats by itself.", (), {"topic": "foot-bounce"})
SECOND = Reply(Kind.NOTICE, "Tell your therapist.")


def test_it_stands_before_the_first_answer(content: Content) -> None:
    first, second = comforted(content, (ANSWER, SECOND), AFRAID, ())
    kind_word = content.fixed["fear-first"].text
    assert (first.text, first.kind, first.metadata) == (f"{kind_word}\n\n{ANSWER.text}", ANSWER.kind, ANSWER.metadata)
    assert second == SECOND


def test_it_stands_before_the_question_which_answer_is_meant(content: Content) -> None:
    (reply,) = comforted(content, (Reply(Kind.CLARIFY, "Which one?"),), AFRAID, ())
    assert reply.text == f"{content.fixed['fear-first'].text}\n\nWhich one?"


@pytest.mark.parametrize("kind", [Kind.ESCALATION, Kind.FALLBACK, Kind.SMALL_TALK])
def test_other_replies_have_words_of_their_own(content: Content, kind: Kind) -> None:
    replies = (Reply(kind, "Call now."),)
    assert comforted(content, replies, AFRAID, ()) == replies


def test_the_answer_on_fear_is_kind_by_itself(content: Content) -> None:
    replies = (Reply(Kind.ANSWER, "You are not alone.", (), {"topic": FEAR_TOPIC}),)
    assert comforted(content, replies, AFRAID, ()) == replies


def test_it_is_not_said_twice_in_a_row_nor_to_somebody_who_is_not_afraid(content: Content) -> None:
    said = (f"{content.fixed['fear-first'].text}\n\nWhich one?",)
    assert comforted(content, (ANSWER,), AFRAID, said) == (ANSWER,)
    assert comforted(content, (ANSWER,), "my foot bounces", ()) == (ANSWER,)
    assert comforted(content, (), AFRAID, ()) == ()
