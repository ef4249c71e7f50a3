"""The safety case: every hazard has a control, and every control a test. One that is left out has failed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "safety-case.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
RISK = re.compile(r"(\d) × (\d) = (\d+)")


def hazards() -> list[list[str]]:
    """The cells of every row of the hazard log."""
    rows = [line for line in PAGE.splitlines() if re.match(r"\| H\d+ \|", line)]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def collected_from(path: Path) -> set[str]:
    """The tests that pytest collects from a file. One that does not run there is a failure (tests/left_out.py)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name for node in functions if node.name.startswith("test_")}


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
        assert name in collected_from(ROOT / path), f"{path}::{name} is missing"
