"""The figures of understanding, on a handful of judged messages."""

from __future__ import annotations

from bot.evaluation.confusion import Confusion
from bot.evaluation.held_out import LabelledMessage
from bot.evaluation.judging import Act, Judged
from bot.evaluation.understanding import Judgements, figures, intent_confusions, mistakes, topic_confusions
from bot.understanding.reading import RankedTopic, Reading


def judged(text: str, right: tuple[str, ...], act: Act, *topics: tuple[str, float], intent: str = "ask_question",
           group: str = "plain", shown: int = 0, plainly: bool = False) -> Judged:  # fmt: skip
    """A message of which the first `shown` of its ranked topics are shown; `plainly` without a word that it may ask for
    something else."""
    ranked = tuple(RankedTopic(slug, score) for slug, score in topics)
    in_scope = act in (Act.ANSWERED, Act.ASKED)
    reading = Reading(intent, 0.9, ranked, in_scope)
    return Judged(LabelledMessage(text, right, group), reading, act, tuple(t.slug for t in ranked[:shown]), plainly)


RIGHT = judged("it rubs", ("brace", "shoes"), Act.ANSWERED, ("shoes", 0.95), ("brace", 0.02), shown=1, plainly=True)
WRONG = judged("it pinches", ("brace",), Act.ANSWERED, ("shoes", 0.65), ("brace", 0.3), group="terse", shown=1)
ASKED = judged("it hurts", ("brace",), Act.ASKED, ("pain", 0.4), ("brace", 0.3), shown=2)
MISSED = judged("eh", ("brace",), Act.REFUSED, ("pain", 0.05), intent="not_placed")
DECLINED = judged("how much can I take", (), Act.REFUSED, ("pain", 0.05), intent="dose", group="dose")
FELL_FOR = judged("can I take two", (), Act.ANSWERED, ("pain", 0.75), group="dose", shown=1)
THANKED = judged("cheers", ("thank",), Act.CONVERSED, intent="thank", group="thank")
MISREAD = judged("ta", ("thank",), Act.ANSWERED, ("pain", 0.6), group="thank", shown=1)

ALL = Judgements([RIGHT, WRONG, ASKED, MISSED], [DECLINED, FELL_FOR], [THANKED, MISREAD])


def test_the_summary_counts_every_kind_of_outcome() -> None:
    summary = figures(ALL)[0]
    assert {row[0]: (row[1], row[2].split(" (")[0]) for row in summary.rows} == {
        "Right topic first": ("4", "25.0 %"),
        "Right topic in the first three": ("4", "75.0 %"),
        "In scope: answered": ("4", "50.0 %"),
        "… and rightly, of those answered": ("2", "50.0 %"),
        "… without a word that it may be another": ("2", "50.0 %"),
        "… and rightly, of those": ("1", "100.0 %"),
        "In scope: asked which": ("4", "25.0 %"),
        "… with a right one among them": ("1", "100.0 %"),
        "In scope: refused": ("4", "25.0 %"),
        "In scope: taken as conversation": ("4", "0.0 %"),
        "Out of scope: refused": ("2", "50.0 %"),
        "Out of scope: answered with a topic": ("2", "50.0 %"),
        "… without a word that something else may be meant": ("2", "0.0 %"),
        "Out of scope: asked which": ("2", "0.0 %"),
        "Out of scope: taken as conversation": ("2", "0.0 %"),
        "Out of scope: kept from every topic": ("2", "50.0 %"),
        "Out of scope: with the reply for its kind": ("2", "50.0 %"),
        "Intent right": ("2", "50.0 %"),
        # 0.95 right; 0.65, 0.4, 0.75 and twice 0.05 wrong
        "Expected calibration error": ("6", f"{(0.05 + 0.65 + 0.4 + 0.75 + 2 * 0.05) / 6:.3f}"),
    }


def test_any_acceptable_topic_is_right_and_a_mistake_names_the_best_one() -> None:
    assert topic_confusions(ALL.topics) == [
        Confusion("brace", "pain", ("it hurts", "eh")),
        Confusion("brace", "shoes", ("it pinches",)),
    ]


def test_an_intent_that_was_taken_for_a_question_names_the_topic() -> None:
    assert intent_confusions(ALL.intents) == [Confusion("thank", "ask_question (pain)", ("ta",))]


def test_what_went_wrong_is_listed_and_a_good_question_back_is_not() -> None:
    assert mistakes(ALL) == [
        "brace: answered shoes (0.65): it pinches",
        "brace: refused (not_placed 0.90): eh",
        "refuse (dose): answered pain (0.75): can I take two",
        "thank: answered pain (0.60): ta",
    ]


def test_messages_with_topics_alone_give_the_tables_of_topics_alone() -> None:
    names = [table.name for table in figures(Judgements(ALL.topics, [], []))]
    assert names == ["summary", "styles", "topic-confusions", "calibration"]


def test_a_table_reads_the_same_in_the_docs() -> None:
    styles = figures(Judgements([RIGHT, WRONG], [], []))[1]
    assert styles.as_markdown() == (
        "| Style | Messages | Right first | In first three | Answered | Asked which | Not answered |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| plain | 1 | 100.0 % (20.7–100.0) | 100.0 % | 100.0 % | 0.0 % | 0.0 % |\n"
        "| terse | 1 | 0.0 % (0.0–79.3) | 100.0 % | 100.0 % | 0.0 % | 0.0 % |"
    )
