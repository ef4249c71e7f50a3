"""What a person reads when they want a person: true by the clock, easy to read, and short enough for a text message."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.channels.sms.segments import fits
from bot.desk.opening_hours import OpeningHours
from bot.replies.content import Content
from bot.replies.handover import person_asked_for, person_gone, person_has_it, person_here
from bot.settings import Settings
from knowledge.reading import HIGHEST_GRADE, reading_grade

MONDAY_MORNING = datetime(2026, 11, 30, 15, tzinfo=timezone.utc)
"""Ten in the morning in New York."""
SATURDAY = datetime(2026, 11, 28, 15, tzinfo=timezone.utc)
LONGEST_WHO = "Maximiliana, support worker"


@pytest.fixture(scope="module")
def staffed() -> Content:
    """A service whose people are there on weekdays."""
    zone = "America/Los_Angeles"
    return Content(Settings(region="US", staff_hours="Mon-Fri 06:30-17:00", staff_time_zone=zone))


def test_while_somebody_is_there_a_person_is_promised(staffed: Content) -> None:
    reply = person_asked_for(staffed, "US", MONDAY_MORNING)
    assert (reply.kind.value, reply.text) == (
        "handover",
        "I have asked our team. A person will write to you here. Do not wait in an emergency: call 911.",
    )


def test_while_nobody_is_there_the_bot_says_when_and_keeps_the_request(staffed: Content) -> None:
    assert person_asked_for(staffed, "US", SATURDAY).text == (
        "Our team is away now. I kept your request. They will write here on Monday at 6:30 am (Los Angeles time). "
        "Emergency? Call 911."
    )


def test_without_opening_hours_no_person_is_promised() -> None:
    plain = Content(Settings(region="US"))
    assert person_asked_for(plain, "US", SATURDAY).text.startswith(plain.fixed["human-unset"].text)


def test_everything_fits_one_text_message_and_reads_easily_in_every_country(staffed: Content) -> None:
    hard = []
    for region in [None, *(each.region for each in staffed.regions.regions)]:
        said = [
            person_asked_for(staffed, region, MONDAY_MORNING),
            person_asked_for(staffed, region, SATURDAY),
            *(words(staffed, LONGEST_WHO, region) for words in (person_here, person_has_it, person_gone)),
        ]
        hard += [
            reply.text for reply in said if not fits(reply.text, 1) or reading_grade(reply.text) > HIGHEST_GRADE
        ]  # fmt: skip
    assert hard == []


def test_hours_that_cannot_be_read_keep_the_service_from_starting() -> None:
    with pytest.raises(ValueError, match="CLONUS_STAFF_HOURS: 'nine to five' cannot be read"):
        Content(Settings(staff_hours="nine to five"))


def test_hours_are_those_of_the_setting(staffed: Content) -> None:
    assert isinstance(staffed.staff_hours, OpeningHours)
    assert staffed.staff_hours.in_words() == "Monday to Friday, 6:30 am to 5 pm"
