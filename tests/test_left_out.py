"""A test that is left out fails, in whatever way it is left out."""

from __future__ import annotations

import pytest

from tests.left_out import insist


def report(outcome: str) -> pytest.TestReport:
    return pytest.TestReport("tests/test_some.py::test_one", ("", 0, ""), {}, outcome, None, "call")  # type: ignore[arg-type]


@pytest.mark.parametrize(("outcome", "becomes"), [("passed", "passed"), ("failed", "failed"), ("skipped", "failed")])
def test_only_what_ran_may_pass(outcome: str, becomes: str) -> None:
    seen = report(outcome)
    insist(seen)
    assert seen.outcome == becomes


def test_what_was_expected_to_fail_has_failed() -> None:
    seen = report("passed")
    seen.wasxfail = "later"
    insist(seen)
    assert (seen.outcome, hasattr(seen, "wasxfail")) == ("failed", False)
