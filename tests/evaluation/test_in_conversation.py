"""Follow-ups and messages with several things: read as the bot reads them, and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.held_out import BadMessagesError
from bot.evaluation.in_conversation import (
    FollowUp,
    ReadFollowUp,
    ReadSeveral,
    Several,
    figures,
    load_follow_ups,
    load_several,
    mistakes,
    read_follow_ups,
    read_several,
)
from bot.model_files import load_reader
from bot.replies.content import content

STRETCH = FollowUp("How do I stretch my calf?", "how often?", ("calf-stretching",))
SIMPLER = FollowUp("How do I stretch my calf?", "simpler", ("calf-stretching",))
TWO = Several("How do I stretch my calf? And which shoes are good?", (("calf-stretching",), ("footwear",)))


def written(folder: Path, text: str) -> Path:
    path = folder / "messages.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_follow_up_means_the_topic_before_it_and_nothing_by_itself() -> None:
    read = read_follow_ups([STRETCH, SIMPLER], load_reader(), content())
    assert [(one.after, one.alone) for one in read] == [("calf-stretching", None)] * 2


def test_two_things_in_one_message_are_both_found() -> None:
    [read] = read_several([TWO], load_reader())
    assert (read.found, read.answered) == (("calf-stretching", "footwear"), 2)


def test_two_things_that_one_topic_answers_are_one_part() -> None:
    both = Several("a and b", (("afo", "footwear"), ("afo",), ("intent:dose",)))
    read = [ReadSeveral(both, ("afo",)), ReadSeveral(both, ("jumping", "footwear"), unplaced=1),
            ReadSeveral(both, ("footwear", "afo", "intent:dose", "driving"))]  # fmt: skip
    assert [(one.answered, one.beside, one.unheard) for one in read] == [(2, 0, 1), (1, 1, 1), (3, 1, 0)]


def test_the_table_counts_rows_things_and_what_was_not_asked() -> None:
    follow_ups = [ReadFollowUp(STRETCH, "calf-stretching", None), ReadFollowUp(STRETCH, None, "calf-stretching")]
    one = Several("My foot slaps down all day. Which shoes are good?", (("footwear",),))
    several = [
        ReadSeveral(TWO, ("calf-stretching", "afo")),
        ReadSeveral(TWO, ("footwear", "calf-stretching")),
        ReadSeveral(one, ("footwear", "toe-first-landing")),
    ]
    assert [(name, total, result.split(" (")[0]) for name, total, result in figures(follow_ups, several).rows] == [
        ("Follow-ups: right topic, after the question", "2", "50.0 %"),
        ("… the same message by itself", "2", "50.0 %"),
        ("Several things: each of them found", "4", "75.0 %"),
        ("… messages with all of them found", "2", "50.0 %"),
        ("… neither found nor named as not understood", "4", "25.0 %"),
        ("… messages with something found that was not asked", "2", "50.0 %"),
        ("One thing, with more told around it: found", "1", "100.0 %"),
        ("… with something found that was not asked", "1", "100.0 %"),
    ]


def test_what_went_wrong_is_listed_with_what_was_wanted() -> None:
    follow_ups = [ReadFollowUp(STRETCH, "calf-stretching", None), ReadFollowUp(STRETCH, None, None)]
    several = [ReadSeveral(TWO, ("calf-stretching",)), ReadSeveral(TWO, ("footwear", "calf-stretching"))]
    assert mistakes(follow_ups, several) == [
        "calf-stretching: no topic: How do I stretch my calf? / how often?",
        f"calf-stretching + footwear: calf-stretching: {TWO.text}",
    ]


def test_files_are_read_whole(tmp_path: Path) -> None:
    line = '{"before": "How do I stretch my calf?", "text": "how often?", "topics": ["calf-stretching"]}\n'
    assert load_follow_ups(written(tmp_path, line)) == [STRETCH]
    line = f'{{"text": "{TWO.text}", "topics": [["calf-stretching"], ["footwear"]]}}\n'
    assert load_several(written(tmp_path, line)) == [TWO]


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "how often?", "topics": ["afo"]}',
        '{"before": "x", "text": "y"}',
        '{"before": "x", "text": "y", "topics": [1]}',
    ],
)
def test_a_follow_up_without_its_question_or_topics_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadMessagesError, match=r':1: needs "before"'):
        load_follow_ups(written(tmp_path, line))


@pytest.mark.parametrize("topics", ["[]", '["afo", "footwear"]', '[["afo"], []]'])
def test_several_things_need_a_list_for_each(tmp_path: Path, topics: str) -> None:
    with pytest.raises(BadMessagesError, match=r':1: "topics" must be a list of slugs for each'):
        load_several(written(tmp_path, f'{{"text": "both", "topics": {topics}}}'))
