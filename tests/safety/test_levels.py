"""Every level rule and every sign is raised at its level: by both views together, and by the rules alone.

The messages are in levels.yml, under the text of the level rule or sign in knowledge/red_flags/.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.safety import SafetyScreen
from bot.safety.verdict import Verdict, level_rank
from bot.shared import prepare_learned_view, safety_screen
from knowledge.red_flag_models import load_red_flags
from tests.safety.conftest import FOLDER

LIBRARY = load_red_flags(FOLDER)
LEVELS: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(
    (Path(__file__).parent / "levels.yml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Row:
    """One level rule or sign of a category, and the messages that tell of it."""

    category: str
    text: str
    level: str
    messages: tuple[str, ...]
    left_alone: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.category}: {self.text[:60]}"


def rows(part: str, key: str) -> list[Row]:
    return [
        Row(category, entry[key], entry["level"], tuple(entry.get("messages", ())), tuple(entry.get("left_alone", ())))
        for category, parts in LEVELS.items()
        for entry in parts[part]
    ]


LEVEL_RULES = rows("level_rules", "when")
SIGNS = rows("signs", "sign")
each_row = pytest.mark.parametrize("row", [*LEVEL_RULES, *SIGNS], ids=str)

COMBINATIONS = [
    ("my clonus is worse, I have a fever and I started a new antidepressant", "serotonin-syndrome"),
    ("clonus worse and so agitated since the new antidepressant", "serotonin-syndrome"),
    ("I have a spinal injury and a pounding headache", "autonomic-dysreflexia"),
    ("head pounding. I had a spinal cord injury at T5", "autonomic-dysreflexia"),
    ("one calf is swollen and hot", "dvt"),
    ("one leg is swollen and hot and I cannot catch my breath", "dvt"),
    ("I fell and hit my head and I am on warfarin", "head-injury-after-fall"),
    ("pregnant, headache and flashing lights", "pre-eclampsia"),
    ("pump alarm and my spasms are back since this morning", "baclofen-withdrawal"),
    ("the clonus will not stop and I have a fever", "non-stop-clonus"),
    ("I had cancer, my back hurts and my legs are weak", "cauda-equina-or-cord-compression"),
    ("botox last week and now I cannot swallow", "allergic-reaction-or-side-effect"),
    ("tizanidine with cipro and I fainted", "allergic-reaction-or-side-effect"),
    ("my spasms are worse, I have a fever and I am confused", "fever-or-uti-with-worse-spasticity"),
    ("stopped my clonazepam and had a fit", "other-medicine-sudden-stop"),
]
"""Dangers that are one only because things come together; each part alone is less, or nothing."""

URGENT_COMBINATION = "one calf is swollen and hot"


@pytest.fixture(scope="module")
def whole() -> SafetyScreen:
    """The screen that the bot uses."""
    prepare_learned_view()
    safety_screen.cache_clear()
    return safety_screen()


def categories(verdict: Verdict) -> set[str | None]:
    return {verdict.category, *(category for category, _ in verdict.also)}


def test_every_level_rule_of_every_category_has_messages_at_its_level() -> None:
    listed = {
        slug: [(rule.when, rule.level.value) for rule in flag.level_rules] for slug, flag in LIBRARY.categories.items()
    }
    told = {slug: [(row.text, row.level) for row in LEVEL_RULES if row.category == slug] for slug in listed}
    assert told == listed
    assert [str(row) for row in LEVEL_RULES if not row.messages and not row.left_alone] == []


def test_every_sign_of_every_category_has_messages() -> None:
    listed = {slug: list(flag.signs) for slug, flag in LIBRARY.categories.items()}
    assert {slug: [row.text for row in SIGNS if row.category == slug] for slug in listed} == listed
    assert [str(row) for row in SIGNS if not row.messages] == []


@each_row
def test_it_is_raised_at_its_level_or_above(whole: SafetyScreen, row: Row) -> None:
    verdicts = {message: whole.screen(message) for message in row.messages}
    if row.level == "self-care":
        assert [message for message, verdict in verdicts.items() if verdict.alarm and verdict.sure] == []
    else:
        too_low = {
            message: verdict.level
            for message, verdict in verdicts.items()
            if level_rank(verdict.level) < level_rank(row.level)
        }
        assert too_low == {}


@pytest.mark.parametrize("row", [row for row in LEVEL_RULES if row.messages], ids=str)
def test_the_rules_alone_know_every_level_rule(screen: SafetyScreen, row: Row) -> None:
    """When the learned view is missing, the rules decide alone; at the very level for what can wait."""
    levels = {message: screen.screen(message).level for message in row.messages}
    if row.level == "self-care":
        assert {message for message, level in levels.items() if level in ("emergency", "urgent")} == set()
    elif row.level == "soon":
        assert "soon" in levels.values(), levels
    else:
        assert any(level_rank(level) >= level_rank(row.level) for level in levels.values()), levels


@pytest.mark.parametrize("row", [row for row in LEVEL_RULES if row.left_alone], ids=str)
def test_what_is_not_new_is_left_to_the_answer(whole: SafetyScreen, row: Row) -> None:
    assert [message for message in row.left_alone if whole.screen(message).alarm] == []


@pytest.mark.parametrize(("message", "category"), COMBINATIONS)
def test_things_that_are_dangerous_together(screen: SafetyScreen, message: str, category: str) -> None:
    verdict = screen.screen(message)
    level = "urgent" if message == URGENT_COMBINATION else "emergency"
    assert (verdict.level, verdict.sure, category in categories(verdict)) == (level, True, True)


@pytest.mark.parametrize(
    "message",
    [
        "I started a new antidepressant last month, all well",
        "I have a spinal cord injury",
        "I am pregnant",
        "I take warfarin",
        "I had cancer in the past",
        "I have MS",
        "I have a baclofen pump",
        "I had botox last week",
        "I am on tizanidine",
        "I have diabetes",
    ],
)
def test_one_part_of_a_combination_alone_raises_nothing(whole: SafetyScreen, message: str) -> None:
    assert not whole.screen(message).alarm


def test_the_category_of_a_level_rule_is_named(whole: SafetyScreen) -> None:
    """At least nine of ten messages are given their own category, so that the advice fits."""
    dangers = [
        (row, message) for row in LEVEL_RULES for message in row.messages if row.level in ("emergency", "urgent")
    ]
    named = [row.category in categories(whole.screen(message)) for row, message in dangers]
    assert sum(named) / len(named) >= 0.9
