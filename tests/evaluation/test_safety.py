"""The figures of the safety screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.evaluate import app
from bot.evaluation.document import SAFETY_DOC, renewed
from bot.evaluation.held_out import BadMessagesError
from bot.evaluation.safety import Judged, Labelled, caught, figures, kind_of_miss, load_messages, misses
from bot.safety import Verdict

NOTHING = Verdict()
URGENT = Verdict("dvt", "urgent", True, ("calf",), "sore-and-hot")
ASKED = Verdict("dvt", "urgent", False, ("calf",), "sore-and-hot")
SOON = Verdict("repeated-falls", "soon", True, ("fell",), "falls")

DANGER = Labelled("calf hot", "plain", "urgent", ("dvt",))
EMERGENCY = Labelled("calf hot, cannot breathe", "sms", "emergency", ("dvt",))
LOOK_ALIKE = Labelled("calf fine", "negated")
ORDINARY = Labelled("what is clonus", "ordinary")


def summary(*judged: Judged) -> dict[str, tuple[str, ...]]:
    """The rows of the first table: name to the shares of rules, learned view and vote."""
    return {row[0]: tuple(cell.split(" (")[0] for cell in row[2:]) for row in figures(judged)[0].rows}


@pytest.mark.parametrize(
    ("verdict", "level", "right"),
    [(URGENT, "urgent", True), (URGENT, "soon", True), (URGENT, "emergency", False), (ASKED, "urgent", True),
     (NOTHING, "soon", False), (SOON, "urgent", False)],
)  # fmt: skip
def test_caught_means_at_the_level_or_above(verdict: Verdict, level: str, right: bool) -> None:
    assert caught(verdict, level) is right


def test_each_way_is_measured_apart() -> None:
    rows = summary(
        Judged(DANGER, NOTHING, ASKED, URGENT),
        Judged(EMERGENCY, URGENT, URGENT, URGENT),
        Judged(LOOK_ALIKE, URGENT, NOTHING, ASKED),
        Judged(ORDINARY, NOTHING, NOTHING, NOTHING),
    )
    assert rows["Danger: caught at its level or above"] == ("0.0 %", "50.0 %", "50.0 %")
    assert rows["Danger: escalated at once"] == ("0.0 %", "0.0 %", "50.0 %")
    assert rows["Danger: raised at any level"] == ("50.0 %", "100.0 %", "100.0 %")
    assert rows["Look-alikes: escalated"] == ("100.0 %", "0.0 %", "0.0 %")
    assert rows["Look-alikes: asked"] == ("0.0 %", "0.0 %", "100.0 %")
    assert rows["Ordinary messages: escalated"] == ("0.0 %", "0.0 %", "0.0 %")


def test_advice_beside_the_answer_is_no_false_alarm() -> None:
    assert summary(Judged(ORDINARY, SOON, SOON, SOON))["Ordinary messages: escalated"] == ("0.0 %",) * 3


def test_every_miss_is_printed_with_its_kind() -> None:
    judged = [
        Judged(DANGER, NOTHING, NOTHING, NOTHING),
        Judged(DANGER, Verdict(against=("denied: no",)), NOTHING, NOTHING),
        Judged(DANGER, ASKED, NOTHING, NOTHING),
        Judged(EMERGENCY, URGENT, URGENT, URGENT),
        Judged(DANGER, URGENT, URGENT, URGENT),
        Judged(LOOK_ALIKE, URGENT, URGENT, URGENT),
    ]
    assert [kind_of_miss(one) for one in judged[:5]] == [
        "no rule, and unlike the curated dangers",
        "a sign was found and silenced by the words around it",
        "a rule spoke, the vote dropped it",
        "raised only to urgent",
        None,
    ]
    assert misses(judged)[3:] == [
        "missed (emergency dvt; raised only to urgent): calf hot, cannot breathe",
        "escalated (negated; dvt, sore-and-hot): calf fine",
    ]


def test_labels_say_what_a_message_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(
        '{"text": "a", "level": "urgent", "categories": ["dvt"], "style": "sms"}\n\n'
        '{"text": "b", "kind": "usual", "category": "dvt"}\n{"text": "c", "topics": ["x"], "style": "plain"}\n'
    )
    assert load_messages(path) == [
        Labelled("a", "sms", "urgent", ("dvt",)),
        Labelled("b", "usual"),
        Labelled("c", "ordinary"),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("nonsense", ":1: not JSON"), ('{"level": "urgent"}', ':1: needs an object with a "text"'),
     ('{"text": "a", "level": "grave"}', ':1: "level" must be one of emergency'), ("", "holds no message")],
)  # fmt: skip
def test_a_bad_file_names_its_line(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(content)
    with pytest.raises(BadMessagesError, match=complaint):
        load_messages(path)


def test_the_docs_have_a_place_for_every_table() -> None:
    judged = [Judged(DANGER, NOTHING, NOTHING, NOTHING), Judged(LOOK_ALIKE, NOTHING, NOTHING, NOTHING)]
    sections = {table.name: table.as_markdown() for table in figures(judged)}
    assert "calf hot" not in renewed(SAFETY_DOC.read_text(encoding="utf-8"), sections)


def test_the_command_measures_a_file_of_anybodys_and_never_writes_it_to_the_docs(tmp_path: Path) -> None:
    from bot.shared import prepare_learned_view

    prepare_learned_view()
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": "I can\'t breathe", "level": "emergency"}\n{"text": "what is clonus"}\n')
    result = CliRunner().invoke(app, ["safety", "--messages", str(path)])
    lines = [" ".join(line.replace("│", " ").split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 0, result.output
    assert any(line.startswith("Danger: escalated at once 1 100.0 %") for line in lines)
    assert CliRunner().invoke(app, ["safety", "--messages", str(path), "--write"]).exit_code == 2
