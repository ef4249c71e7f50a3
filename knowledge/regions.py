"""Where to call: numbers by region, found from a phone number or a country's name, and put into patients' texts."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from pathlib import Path

from pydantic import Field, validator

from knowledge.files import load_yaml, parse_model
from knowledge.models import Content, Slug, Text

REGIONS_FILE = Path(__file__).with_name("regions.yml")
UNKNOWN = "OTHER"
"""The region of a person whose country is not known."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

_BEING_IN = re.compile(
    r"\b(?:i am|i['’]?m|we are|we['’]?re|he is|he['’]s|she is|she['’]s|(?:i |we )?live|living|writing)(?: \w+)?"
    r" (?:in|from) ((?:\w+[ .]?){1,4})",
    re.I,
)
"""Words by which people say where they are, and the words after them."""

_COMMON_WORDS = ("us", "eu", "oz")
"""Names of places that are words, or parts of words, as well."""

_OPENING = re.compile(r"\s*(?:here in |in )?(?:the )?([\w ]{2,20}?)(?:\s+here)?\s*(?:[.,:;!-]|$)", re.I)
"""A place that a message opens with, or that is all of it: "UK. My husband's arm went numb", "Ireland"."""

_CLOSING = re.compile(r"[.,!?;:\n-]\s*(?:here in |in |from )?(?:the )?([A-Za-z ]{2,20})\s*[.!]*\s*$")
"""A place that a message ends with: "she dropped her cup. UK"."""


class Spoken(Content):
    """What fills the placeholders of patients' texts."""

    emergency: Text
    crisis: Text
    abuse: Text
    poison: Text


class Line(Content):
    """One telephone, text or web line."""

    name: Text
    contact: Text
    hours: Text | None = None


class Region(Content):
    """The numbers of one region."""

    region: Text
    name: Text
    say: Spoken
    countries: list[Text] = Field(default_factory=list)
    places: list[Text] = Field(default_factory=list)
    phone_codes: list[Text] = Field(default_factory=list)
    emergency_also: Text | None = None
    emergency_text: Text | None = None
    health_advice: Text | None = None
    crisis: list[Line] = Field(min_items=1)
    abuse: list[Line] = Field(min_items=1)
    poison: Text
    sources: list[Slug] = Field(min_items=1)
    verified: Text
    unverified_items: list[Text] = Field(default_factory=list)
    notes: list[Text] = Field(default_factory=list)

    def fill(self, text: str) -> str:
        """`text` with {emergency}, {crisis}, {abuse}, {poison}, {health_advice} and {emergency_text} filled in.

        Raises KeyError for any other placeholder.
        """
        values = {
            **self.say.dict(),
            "health_advice": self.health_advice or "",
            "emergency_text": self.emergency_text or "",
        }
        return _PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), text)

    def numbers_for(self, category: str, level: str) -> list[dict[str, str]]:
        """The numbers to show for a danger, as label and number, the emergency number first.

        `category` decides which special lines follow; `level` is taken so that callers name what they show it for.
        """
        return load_regions().numbers_for(self, category)

    @property
    def known(self) -> bool:
        """False for the region of a person whose country is not known."""
        return self.region != UNKNOWN


class Labels(Content):
    """What stands before a number on the page."""

    emergency: Text
    poison: Text


class LineKind(str, Enum):
    """Lines for one kind of danger."""

    CRISIS = "crisis"
    ABUSE = "abuse"
    POISON = "poison"


class Regions(Content):
    """All regions, with lookups."""

    clashes: list[Text]
    labels: Labels
    lines: dict[str, list[LineKind]]
    tell_the_operator: list[Text]
    regions: list[Region] = Field(min_items=1)

    @validator("regions")
    def holds_the_unknown(cls, regions: list[Region]) -> list[Region]:
        if UNKNOWN not in {region.region for region in regions}:
            raise ValueError(f"the region '{UNKNOWN}' is missing")
        names = [region.region for region in regions]
        if len(set(names)) != len(names):
            raise ValueError("a region stands here twice")
        return regions

    def get(self, code: str | None) -> Region:
        """The region with this code, whatever its case; the unknown region for any other code or None."""
        by_code = {region.region: region for region in self.regions}
        return by_code.get((code or "").strip().upper(), by_code[UNKNOWN])

    def numbers_for(self, region: Region, category: str) -> list[dict[str, str]]:
        """Label and number of the emergency number and of every line this category calls for, in this order."""
        shown = [(self.labels.emergency, region.say.emergency)]
        for kind in self.lines.get(category, ()):
            if kind is LineKind.POISON:
                shown.append((self.labels.poison, region.say.poison))
                continue
            many = region.crisis if kind is LineKind.CRISIS else region.abuse
            first = region.say.crisis if kind is LineKind.CRISIS else region.say.abuse
            shown.append((many[0].name, first))
            shown += [(line.name, line.contact) for line in many[1:]]
        return [{"label": str(label), "number": str(number)} for label, number in shown]

    def find(self, text: str) -> Region | None:
        """The region that `text` tells: an international phone number, or a country's name; None when it tells none."""
        number = re.search(r"(?:\+|\b00)\d[\d\s()-]{4,}", text)
        by_phone = self.from_phone(number.group()) if number else self.get(None)
        return by_phone if by_phone.known else self.named_in(text)

    def from_phone(self, number: str | None) -> Region:
        """The region of an international phone number ("+44 7700 900123"), by its longest matching code.

        A number without a leading + or 00 does not tell a country: the unknown region.
        """
        digits = re.sub(r"[^\d+]", "", number or "")
        digits = "+" + digits[2:] if digits.startswith("00") else digits
        if not digits.startswith("+"):
            return self.get(None)
        matches = [
            (len(code), region) for region in self.regions for code in region.phone_codes if digits.startswith(code)
        ]
        return max(matches, key=lambda match: match[0])[1] if matches else self.get(None)

    def named_in(self, text: str) -> Region | None:
        """The region whose country `text` names ("I am in the UK"); None when it names none.

        "us" counts only in capitals or after a place word ("in the us"), because it is a common word. A town or a part
        of a country ("in Leeds") counts after a place word or by itself; only such as hardly mean another place.
        """
        low = " " + re.sub(r"[^\w\s]", " ", text.replace(".", "")).lower() + " "
        low = re.sub(r"\s+", " ", low)
        found: list[tuple[int, Region]] = []
        for region in self.regions:
            for name in region.countries:
                plain = name.replace(".", "")
                if plain in _COMMON_WORDS:
                    seen = re.search(rf"\b{plain.upper()}\b", text) or re.search(rf" (in|from) (the )?{plain} ", low)
                    if seen or low.strip() == plain:
                        found.append((len(plain), region))
                elif f" {plain} " in low:
                    found.append((len(plain), region))
            for name in region.places:
                if low.strip() == name or re.search(rf" (in|from|near) (the )?{name} ", low):
                    found.append((len(name), region))
        return max(found, key=lambda match: match[0])[1] if found else None

    def told_in(self, text: str) -> Region | None:
        """The region that `text` says the person is in now ("I am in the UK and ..."); None when it says none.

        A country that is only mentioned ("since my flight to India") does not count, one by itself that opens or ends
        the message, or is all of it, does.
        """
        place = _BEING_IN.search(text)
        told = self.named_in(f"in {place.group(1)}") if place else None
        apart = (found.group(1) for found in (_OPENING.match(text), _CLOSING.search(text)) if found)
        return told or next((named for words in apart if (named := self._named_alone(words))), None)

    def _named_alone(self, words: str) -> Region | None:
        """The region that is named and nothing else."""
        name = re.sub(r"\s+", " ", words).strip().lower()
        if name in _COMMON_WORDS and not words.strip().isupper():
            return None
        return next((region for region in self.regions if name in (*region.countries, *region.places)), None)

    @property
    def longest_emergency(self) -> str:
        """The longest value that {emergency} can take; short texts must fit with it."""
        return max((region.say.emergency for region in self.regions), key=len)


def fill(text: str, region: Region) -> str:
    """`text` with all placeholders replaced by the region's own values; see Region.fill."""
    return region.fill(text)


@lru_cache(maxsize=4)
def load_regions(path: Path = REGIONS_FILE) -> Regions:
    """All regions. Raises ContentError naming file and line."""
    return parse_model(load_yaml(path), Regions)
