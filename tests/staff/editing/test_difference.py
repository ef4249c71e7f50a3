"""What two versions say differently is shown by field, line and word."""

from __future__ import annotations

from bot.staff.editing.difference import ADDED, REMOVED, SAME, SKIPPED, Changed, Line, Piece, difference


def plain(kind: str, text: str) -> Line:
    return Line(kind, (Piece(text, False),))


def test_equal_versions_differ_in_nothing() -> None:
    assert difference({"title": "A", "steps": ["Sit."]}, {"title": "A", "steps": ["Sit."]}) == ()


def test_a_changed_word_is_marked_in_both_lines() -> None:
    assert difference({"short": "Sit down slowly."}, {"short": "Lie down slowly."}) == (
        Changed(
            "short",
            "Short answer",
            (
                Line(REMOVED, (Piece("Sit", True), Piece(" down slowly.", False))),
                Line(ADDED, (Piece("Lie", True), Piece(" down slowly.", False))),
            ),
        ),
    )


def test_lines_that_have_nothing_in_common_are_told_whole() -> None:
    (changed,) = difference({"steps": ["Sit.", "Rest."]}, {"steps": ["Sit.", "Call your nurse today"]})
    assert changed.lines == (plain(SAME, "Sit."), plain(REMOVED, "Rest."), plain(ADDED, "Call your nurse today"))


def test_long_lists_show_only_what_is_near_the_change() -> None:
    before = [f"question {number}" for number in range(20)]
    (changed,) = difference({"questions": before}, {"questions": [*before, "one more"]})
    assert changed.lines == (
        plain(SKIPPED, "18"),
        plain(SAME, "question 18"),
        plain(SAME, "question 19"),
        plain(ADDED, "one more"),
    )


def test_where_an_answer_wraps_its_lines_is_no_difference_in_its_paragraphs() -> None:
    (changed,) = difference({"answer": "One\ntwo.\n\nThree."}, {"answer": "One two.\n\nFour."})
    assert [(line.kind, line.text) for line in changed.lines] == [
        (SAME, "One two."),
        (REMOVED, "Three."),
        (ADDED, "Four."),
    ]


def test_a_file_is_compared_line_by_line_with_its_blanks() -> None:
    (changed,) = difference({"text": "a: 1\n\nb: 2\n"}, {"text": "a: 1\n\nb: 3\n"})
    assert [(line.kind, line.text) for line in changed.lines] == [
        (SAME, "a: 1"),
        (SAME, ""),
        (REMOVED, "b: 2"),
        (ADDED, "b: 3"),
    ]


def test_something_new_is_all_added_in_the_order_of_a_topic() -> None:
    fields = difference(None, {"slug": "toe", "status": "published", "title": "Toe", "reviewed": {"by": "Ann"}})
    assert [(changed.title, [(line.kind, line.text) for line in changed.lines]) for changed in fields] == [
        ("Title", [(ADDED, "Toe")]),
        ("Review", [(ADDED, "by: Ann")]),
        ("Status", [(ADDED, "published")]),
    ]
