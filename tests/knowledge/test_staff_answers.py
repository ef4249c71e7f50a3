"""Ready answers of staff: each fits one text message and reads easily; a mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.files import ContentError
from knowledge.staff_answers import load_staff_answers

FILE = Path(__file__).resolve().parents[2] / "knowledge" / "staff_answers.yml"


def test_the_projects_own_are_in_order() -> None:
    answers = load_staff_answers(FILE)
    assert answers["did-you-call"].text == "Did you call {emergency}? What did they say?"
    assert len(answers) >= 5


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("a:\n  title: A\n  text: Call {number} now.\n", "a.text: unknown placeholder"),
        (f"a:\n  title: A\n  text: {'word ' * 40}\n", "a.text: does not fit one text message"),
        ("a:\n  title: A\n", "a.text: field required"),
        ("- a\n", "the file must hold named answers"),
        (
            "a:\n  title: A\n  text: Pharmacotherapy necessitates individualized multidisciplinary titration.\n",
            "a.text: reads at school grade",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, written: str, wrong: str) -> None:
    path = tmp_path / "staff_answers.yml"
    path.write_text(written)
    with pytest.raises(ContentError) as problem:
        load_staff_answers(path)
    assert any(wrong in str(one) for one in problem.value.problems)
