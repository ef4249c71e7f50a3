"""Where to call: found from a phone number or a country's name, never guessed."""

from __future__ import annotations

import pytest

from knowledge.regions import fill, load_regions

REGIONS = load_regions()


def test_all_regions_are_there() -> None:
    assert [region.region for region in REGIONS.regions] == [
        "US",
        "CA",
        "UK",
        "IE",
        "EU",
        "AU",
        "NZ",
        "IN",
        "ZA",
        "OTHER",
    ]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+12125550123", "US"),
        ("+14165550123", "CA"),
        ("+44 7700 900123", "UK"),
        ("00353 1 234", "IE"),
        ("+4930123", "EU"),
        ("+61412345678", "AU"),
        ("+6421234567", "NZ"),
        ("+919812345678", "IN"),
        ("+27821234567", "ZA"),
        ("+5511999999", "OTHER"),
        ("07700900123", "OTHER"),
        ("", "OTHER"),
        (None, "OTHER"),
    ],
)
def test_a_phone_number_tells_the_region(number: str | None, code: str) -> None:
    assert REGIONS.from_phone(number).region == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I am in the UK", "UK"),
        ("we live in northern ireland", "UK"),
        ("Ireland", "IE"),
        ("i'm from new zealand", "NZ"),
        ("in the us", "US"),
        ("I live in the US", "US"),
        ("germany", "EU"),
        ("South Africa", "ZA"),
        ("Leeds", "UK"),
        ("i live in new south wales", "AU"),
    ],
)
def test_a_country_tells_the_region(text: str, code: str) -> None:
    found = REGIONS.named_in(text)
    assert found is not None
    assert found.region == code


@pytest.mark.parametrize("text", ["please help us", "my leg shakes", ""])
def test_a_common_word_tells_no_region(text: str) -> None:
    assert REGIONS.find(text) is None


def test_an_unknown_region_says_your_local_emergency_number() -> None:
    assert fill("Call {emergency} now.", REGIONS.get("nowhere")) == "Call your local emergency number now."


def test_the_numbers_for_thoughts_of_suicide_start_with_the_emergency_number() -> None:
    assert REGIONS.get("us").numbers_for("suicidal-thoughts-or-self-harm", "emergency") == [
        {"label": "Emergency", "number": "911"},
        {"label": "988 Suicide and Crisis Lifeline", "number": "988"},
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I am in the UK and I cannot breathe", "UK"),
        ("my chest hurts, we live in New Zealand", "NZ"),
        ("im in the us, he fell", "US"),
        ("she is now in Germany and cannot move her arm", "EU"),
        ("UK. my husband's arm went numb at lunch", "UK"),
        ("Melbourne, he slid down the wall", "AU"),
        ("I am writing from Scotland, my face droops", "UK"),
        ("i'm in Leeds and my leg is huge", "UK"),
        ("mum was a bit off and dropped her cup, its passed now. UK", "UK"),
        ("he fell and hit his head, in Canada", "CA"),
        ("Ireland", "IE"),
        ("we are in ireland", "IE"),
    ],
)
def test_where_somebody_is_now_is_told_beside_a_danger(text: str, code: str) -> None:
    found = REGIONS.told_in(text)
    assert found is not None
    assert found.region == code


@pytest.mark.parametrize(
    "text",
    [
        "my calf is hot since my flight to India",
        "I am in pain",
        "help us",
        "us, we fell",
        "he has gone to help us",
        "is botox allowed in India",
        "I am from the stroke ward",
        "",
    ],
)
def test_a_country_that_is_only_mentioned_is_not_where_somebody_is(text: str) -> None:
    assert REGIONS.told_in(text) is None


def test_no_place_belongs_to_two_regions() -> None:
    places = [name for region in REGIONS.regions for name in (*region.countries, *region.places)]
    assert sorted(places) == sorted(set(places))
