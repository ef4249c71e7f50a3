"""The safety case: every hazard has a control, and every control a test that is collected and not skipped."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "safety-case.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
RISK = re.compile(r"(\d) × (\d) = (\d+)")
SKIPS = ["skip", "skipif", "xfail", "importorskip"]
"""What a test of a control must not use, as a control whose test is left out is not proved. This list is what is looked
for: nothing of this project uses one."""


def hazards() -> list[list[str]]:
    """The cells of every row of the hazard log."""
    rows = [line for line in PAGE.splitlines() if re.match(r"\| H\d+ \|", line)]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def skipped(node: ast.AST) -> bool:
    """Whether a mark or a call inside skips a test."""
    return any(isinstance(part, ast.Attribute) and part.attr in SKIPS for part in ast.walk(node))


def collected_from(path: Path) -> dict[str, bool]:
    """The tests that pytest collects from a file, and whether each may be skipped."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = any(skipped(node) for node in tree.body if isinstance(node, ast.Assign | ast.Expr))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: whole or skipped(node) for node in functions if node.name.startswith("test_")}


def test_there_are_at_least_thirty_hazards_numbered_in_order() -> None:
    assert [row[0] for row in hazards()] == [f"H{number}" for number in range(1, len(hazards()) + 1)]
    assert len(hazards()) >= 30


@pytest.mark.parametrize("row", hazards(), ids=lambda row: row[0])
def test_a_hazard_is_complete_and_its_risk_is_worked_out_and_no_higher_than_before(row: list[str]) -> None:
    assert len(row) == 8
    assert all(row)
    before, after = RISK.fullmatch(row[4]), RISK.fullmatch(row[7])
    assert before
    assert after
    for severity, likelihood, product in (before.groups(), after.groups()):
        assert int(severity) * int(likelihood) == int(product)
        assert 1 <= int(severity) <= 5
        assert 1 <= int(likelihood) <= 5
    assert int(after[3]) <= int(before[3])


@pytest.mark.parametrize("row", hazards(), ids=lambda row: row[0])
def test_every_control_names_tests_that_exist_and_run(row: list[str]) -> None:
    named = NAMED.findall(row[6])
    assert named
    assert {f"{path}::{name}" for path, name in named} == set(row[6].replace("`", "").split("<br>"))
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert collected_from(ROOT / path).get(name) is False, f"{path}::{name} is missing or skipped"


@pytest.mark.parametrize("way", SKIPS)
def test_a_test_that_may_be_left_out_is_noticed(tmp_path: Path, way: str) -> None:
    file = tmp_path / "test_some.py"
    file.write_text(
        f"import pytest\n@pytest.mark.{way}\ndef test_one(): ...\ndef test_two():\n    pytest.{way}('later')\n"
        "def test_three(): ...\n"
    )
    assert collected_from(file) == {"test_one": True, "test_two": True, "test_three": False}
