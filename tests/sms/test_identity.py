"""Whose phone it is: a pseudonym, a locked number, a country, and the hours of the night."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.channels.sms.identity import Identity, KeyMismatch, international, region_of_number, zones_of_number
from bot.channels.sms.quiet_hours import next_allowed
from knowledge.regions import load_regions

KEY, OTHER = "a key of this test", "another key of it"
NUMBER = "+14155550100"


def test_a_pseudonym_is_the_same_for_a_number_and_tells_nothing_of_it() -> None:
    one = Identity(KEY).pseudonym(NUMBER)
    assert one == Identity(KEY).pseudonym(NUMBER)
    assert one not in (Identity(OTHER).pseudonym(NUMBER), Identity(KEY).pseudonym("+14155550101"))
    assert "5550100" not in one


def test_a_locked_number_opens_with_its_key_alone() -> None:
    locked = Identity(KEY).locked(NUMBER)
    assert "415" not in locked
    assert locked != Identity(KEY).locked(NUMBER)
    assert Identity(KEY).opened(locked) == NUMBER
    with pytest.raises(KeyMismatch, match="CLONUS_SMS_KEY"):
        Identity(OTHER).opened(locked)


def test_a_key_too_short_to_protect_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 characters"):
        Identity("short")


@pytest.mark.parametrize(
    ("said", "number"),
    [("+447700900123", "+447700900123"), ("447700900123", "+447700900123"), ("14155550100", NUMBER),
     ("88788", None), ("VODAFONE", None), ("", None), ("+1", None)],
)  # fmt: skip
def test_numbers_with_and_without_the_plus(said: str, number: str | None) -> None:
    assert international(said) == number


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+14155550100", "US"), ("+16045550100", "CA"), ("+447700900123", "UK"), ("+353850000000", "IE"),
        ("+4915112345678", "EU"), ("+33612345678", "EU"), ("+61412345678", "AU"), ("+64211234567", "NZ"),
        ("+919812345678", "IN"), ("+27821234567", "ZA"), ("+5511912345678", "OTHER"), ("+18765550100", "OTHER"),
    ],
)  # fmt: skip
def test_the_country_of_a_number_decides_the_emergency_number(number: str, region: str) -> None:
    assert region_of_number(number, load_regions()).region == region


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 15, hour, minute, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("now", "number", "allowed"),
    [
        (at(12), "+447700900123", at(12)),
        (at(20, 59), "+447700900123", at(20, 59)),
        (at(21), "+447700900123", datetime(2026, 1, 16, 8, tzinfo=timezone.utc)),
        (at(3, 7), "+447700900123", at(8)),
        (at(3), "+14155550100", at(3)),  # seven in the evening in California
        (at(12), "+14155550100", at(16)),  # four in the morning there
        (at(12), "+61412345678", datetime(2026, 1, 16, 1, 30, tzinfo=timezone.utc)),  # Sydney to the Cocos Islands
        (at(2), "+8835100012345", at(8)),  # no country: the hours of UTC
    ],
)
def test_quiet_hours_are_those_of_every_place_the_phone_may_be_in(
    now: datetime, number: str, allowed: datetime
) -> None:
    assert next_allowed(now, zones_of_number(number), 21, 8) == allowed


def test_quiet_hours_may_lie_within_a_day() -> None:
    assert next_allowed(at(13), ["UTC"], 12, 14) == at(14)
