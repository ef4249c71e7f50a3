"""The decision table loads, and a table with a mistake in it fails with file, line and plain meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.triage.table import TABLE_FILE, load_table
from knowledge.files import ContentError, load_yaml

TEXT = TABLE_FILE.read_text(encoding="utf-8")


def problems_after(tmp_path: Path, old: str, new: str) -> list[tuple[int, str]]:
    """Load a copy of the table in which one piece of text is replaced; the line and message of every complaint."""
    assert TEXT.count(old) == 1, f"{TEXT.count(old)} places hold {old!r}"
    path = tmp_path / "triage.yml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_table(path)
    assert {problem.path for problem in caught.value.problems} == {path}
    return [(problem.line, problem.message) for problem in caught.value.problems]


def line_of(text: str) -> int:
    """The line on which a piece of text stands in the product's table."""
    return TEXT[: TEXT.index(text)].count("\n") + 1


def test_the_products_table_loads_whole() -> None:
    table = load_table()

    assert (len(table.questions), len(table.rows), len(table.next_steps), len(table.invariants)) == (24, 72, 44, 31)
    assert table.levels_down == ("emergency", "urgent", "soon", "self-care")
    assert table.questions[0].id == "red-flags"


def test_every_source_topic_and_category_named_in_the_table_exists() -> None:
    knowledge = TABLE_FILE.parent

    load_table(
        sources=load_yaml(knowledge / "sources.yml").data.keys(),
        topics={path.stem for path in (knowledge / "topics").glob("*/*.yml")},
        categories={path.stem for path in (knowledge / "red_flags").glob("*.yml")},
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "always_steps: [keep-plan, recheck-if-change, reach-a-human]",
            "always_steps: [keep-plam, recheck-if-change, reach-a-human]",
            "there is no step 'keep-plam'",
        ),
        ("if: { knee: [locks-swollen] }", "if: { knee: [swollen] }", "'knee' has no option 'swollen'"),
        ("if: { knee: [locks-swollen] }", "if: { nee: [locks-swollen] }", "there is no question 'nee'"),
        ("with: E1\n        steps: [no-more", "with: E0\n        steps: [no-more", "there is no row 'E0'"),
        ("gate_not: jumping", "gate_not: hopping", "there is no gate 'hopping'"),
        (
            "if: { pain: [mild] }",
            "if: { jump-clear: [cleared] }",
            "row C10 names 'jump-clear', which is asked only after the level is known",
        ),
    ],
)
def test_a_name_that_does_not_exist_is_reported_on_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert (line_of(old), message) in problems_after(tmp_path, old, new)


def test_an_option_without_a_rank_is_reported_on_its_line(tmp_path: Path) -> None:
    old = '{ id: locks-no-pain, rank: 1, text: "Yes, but it does not hurt"'

    ((line, message),) = problems_after(tmp_path, old, old.replace("rank: 1, ", ""))

    assert (line, message.endswith("rank: field required")) == (line_of(old), True)


def test_a_group_too_long_to_be_read_out_is_reported(tmp_path: Path) -> None:
    old = "And these? Ill after a new medicine."

    found = problems_after(tmp_path, old, old + " Or any of these other things as well as today.")

    assert found == [(line_of(old), "group 'medicine' has 46 words; at most 45 fit into 15 seconds")]


def test_a_step_that_nothing_uses_is_reported(tmp_path: Path) -> None:
    old = "  phone-on-speaker: { kind"

    found = problems_after(tmp_path, old, '  sing: { kind: everyday, text: "Sing." }\n' + old)

    assert found == [(line_of(old), "no row and no outcome uses the step 'sing'")]


def test_a_known_option_must_not_stand_for_silence(tmp_path: Path) -> None:
    old = "mild: locks-no-pain"

    found = problems_after(tmp_path, "    unknown_counts_as: not-sure\n    unknown_level: soon\n    " + old,
                           "    unknown_counts_as: fine\n    unknown_level: soon\n    " + old)  # fmt: skip

    assert found == [
        (line_of(old) - 2, "'fine' must be marked 'unknown: true': silence is never an answer"),
    ]


def test_an_unknown_answer_must_not_open_the_gate(tmp_path: Path) -> None:
    old = "    knee: [fine]\n    backward"

    found = problems_after(tmp_path, old, "    knee: [fine, not-sure]\n    backward")

    assert found == [(line_of(old), "the unknown answer 'not-sure' must not open the gate")]


def test_a_misspelt_field_is_reported(tmp_path: Path) -> None:
    old = "hide_kinds: [exercise]\n    reach_human: Doctor's"

    found = problems_after(tmp_path, old, old.replace("hide_kinds", "hide_kind"))

    assert sorted(found) == [
        (line_of("  urgent:\n    time_frame"), "outcomes.urgent.hide_kinds: field required"),
        (line_of(old), "outcomes.urgent.hide_kind: extra fields not permitted"),
    ]


def test_categories_topics_and_sources_that_do_not_exist_are_reported() -> None:
    with pytest.raises(ContentError) as caught:
        load_table(categories=["new-stroke"], topics=["jumping"], sources=["seed-clonus-explained"])

    messages = {problem.message for problem in caught.value.problems}
    assert {
        "there is no category 'dvt'",
        "there is no topic 'heel-wedge'",
        "there is no source 'nice-ng249'",
    } <= messages
    assert "there is no category 'new-stroke'" not in messages
