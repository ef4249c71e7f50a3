"""Every simulated patient of the check-in, by text message, to the same result as on the page."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from bot.channels.in_process import Companion
from tests.patients.test_patients import EVERYBODY, Patient, attend, attended
from tests.sms.by_text import ByText

STYLES_OF_PHONES = ("numbers", "sms", "aphasic")
ONE_OF_EACH_STYLE = [next(patient for patient in EVERYBODY if patient.style == style) for style in STYLES_OF_PHONES]
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
    """docs/text-messages.md names the segments of a whole check-in."""
    received = sorted(segments for turns, segments in COUNTED.values() if turns >= 10)
    assert received, "run the whole file: this test reads what the patients were sent"
    assert received[len(received) // 2] <= 50
