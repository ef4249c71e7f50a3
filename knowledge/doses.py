"""Finds how much of a medicine a text says to take. Nothing a patient reads may say that."""

from __future__ import annotations

import re

AMOUNT = re.compile(
    r"(?<!never take )(?<!not take )(?<!miss )\b"
    r"(?:\d+(?:[.,]\d+)?|half an?|an? (?:half|quarter|extra)|one|two|three|four|another)[ -]*"
    r"(?:mg|mcg|µg|ml|milligrams?|micrograms?|millilit(?:er|re)s?|units?|tablets?|pills?|capsules?|doses?)\b",
    re.IGNORECASE,
)
