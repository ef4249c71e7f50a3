"""axe-core, which looks for what keeps people out."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Frame, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@lru_cache(maxsize=1)
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page | Frame) -> list[tuple[str, list[str]]]:
    """What axe finds wrong with the page as it stands: rule and the elements it is about."""
    page.wait_for_load_state()  # with its styles: without them everything to press is small
    page.evaluate(_script())
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]


def checked_rules(page: Page) -> set[str]:
    """The rules that axe could apply to the page."""
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return {rule["id"] for rule in found["passes"]}
