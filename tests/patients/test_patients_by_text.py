"""Every simulated patient of the check-in, by text message, to the same result as on the page."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from bot.channels.in_process import Companion
from tests.docs.pages import table_after
from tests.patients.test_patients import EVERYBODY, Patient, attend, attended
from tests.sms.by_text import ByText

STYLES_OF_PHONES = ("numbers", "sms", "aphasic")
ONE_OF_EACH_STYLE = [next(patient for patient in EVERYBODY if patient.style == style) for style in STYLES_OF_PHONES]
WHOLE_CHECK_IN = 10
"""Turns from which a visit counts as a whole check-in: emergencies end sooner."""

COUNTED: dict[str, tuple[int, int]] = {}
"""Patient -> texts sent and segments received."""


async def by_text(folder: Path, companion: Companion, patient: Patient, *, again: bool) -> None:
    """Attend by text. `again`: the bot says what it said to this patient on the page, if that has been in this run."""
    phone = ByText(folder, companion, attended().said.get(patient.name) if again else None)
    visit = await attend(cast(Companion, phone), patient)
    COUNTED[patient.name] = (phone.turns, phone.segments)
    assert visit.problems == [], visit.report()
    assert visit.last_level == patient.level, visit.report()
    assert set(patient.steps) <= set(visit.last_steps), visit.report()


@pytest.mark.parametrize("patient", EVERYBODY, ids=str)
async def test_patient_by_text(tmp_path: Path, companion: Companion, patient: Patient) -> None:
    await by_text(tmp_path, companion, patient, again=True)


@pytest.mark.parametrize("patient", ONE_OF_EACH_STYLE, ids=str)
async def test_patient_by_text_with_the_bot_behind_it(tmp_path: Path, companion: Companion, patient: Patient) -> None:
    await by_text(tmp_path, companion, patient, again=False)


def test_a_check_in_costs_what_the_docs_say() -> None:
    """Give or take a fifth: the wording of questions changes, and the page need not change with every word."""
    if not set(COUNTED) >= {patient.name for patient in EVERYBODY}:
        pytest.fail("run the whole file: this test reads what the patients were sent")
    table = table_after("docs/text-messages.md", "What it costs")
    rows = {name: [int(number) for number in numbers] for name, *numbers in table}
    whole = [counted for counted in COUNTED.values() if counted[0] >= WHOLE_CHECK_IN]
    turns, segments = (sorted(numbers) for numbers in zip(*whole, strict=True))
    middle = len(whole) // 2
    measured = {
        "A whole check-in, median": [turns[middle], segments[middle]],
        "A whole check-in, longest": [turns[-1], segments[-1]],
    }
    differ = {
        name: (numbers, rows[name])
        for name, numbers in measured.items()
        if any(abs(said - found) > max(1, 0.2 * found) for said, found in zip(rows[name], numbers, strict=True))
    }
    assert differ == {}
