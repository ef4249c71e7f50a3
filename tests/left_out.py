"""A test that does not run has failed: in whatever way it is left out, nothing was proved."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

RAN = ("passed", "failed")


def insist(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a report of something that did not run, or was expected to fail, the report of a failure."""
    if report.outcome not in RAN or hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was left out, so it proves nothing. Let it run, or remove it."
        report.__dict__.pop("wasxfail", None)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    """Look at the report of every test, after all others have."""
    made = yield
    insist(made.get_result())


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, Any, None]:
    """Look at the report of every file that was collected."""
    made = yield
    insist(made.get_result())
