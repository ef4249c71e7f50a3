"""A verdict cannot raise an alarm without saying why."""

from __future__ import annotations

from typing import Any

import pytest

from bot.safety import Finding, Verdict
from bot.safety.record import ALONE, adds


@pytest.mark.parametrize(
    "missing", [{"matched": ()}, {"matched": ("",)}, {"rule": None}, {"rule": ""}, {"level": None}, {"level": "grave"}]
)
def test_a_category_needs_level_words_and_rule(missing: dict[str, Any]) -> None:
    whole = {"category": "dvt", "level": "urgent", "matched": ("hot calf",), "rule": "sore-and-hot"}
    assert Verdict(**whole).alarm
    with pytest.raises(ValueError, match="needs"):
        Verdict(**{**whole, **missing})


@pytest.mark.parametrize("extra", [{"level": "urgent"}, {"rule": "x"}, {"matched": ("x",)}, {"sure": True}])
def test_no_category_means_nothing_else(extra: dict[str, Any]) -> None:
    assert not Verdict().alarm
    with pytest.raises(ValueError, match="cannot hold"):
        Verdict(**extra)


def test_a_finding_needs_the_persons_own_words() -> None:
    with pytest.raises(ValueError, match="own words"):
        Finding("dvt", "urgent", True, (), "sore-and-hot")


DOUBT = {"category": "dvt", "level": "urgent", "sure": False}
NOTHING = {"category": None, "level": None, "sure": False}


@pytest.mark.parametrize(
    ("verdict", "more"),
    [
        (None, False),
        ({**DOUBT, ALONE: NOTHING}, False),
        ({**DOUBT, ALONE: DOUBT}, True),
        (DOUBT, True),
        ({**DOUBT, "sure": True, ALONE: NOTHING}, True),
        ({**DOUBT, "level": "emergency", ALONE: NOTHING}, True),
        ({**DOUBT, "category": "seizure", ALONE: NOTHING}, True),
    ],
)
def test_a_message_tells_more_by_itself_or_by_making_another_verdict(
    verdict: dict[str, object] | None, more: bool
) -> None:
    assert adds(verdict, DOUBT) is more
