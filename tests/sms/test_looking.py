"""Loops that do the same look by themselves in turn, so that together they look once in POLL_SECONDS."""

from __future__ import annotations

from bot.channels.sms.loops import POLL_SECONDS, until_turn
from bot.channels.sms.service import SENDERS


def test_every_second_another_loop_looks() -> None:
    for second in range(1000, 1000 + 2 * SENDERS):
        now = second * POLL_SECONDS - 0.25
        next_looks = {place: until_turn(place, SENDERS, now) for place in range(SENDERS)}
        assert min(next_looks.values()) == 0.25
        assert sorted(next_looks.values()) == [0.25 + place * POLL_SECONDS for place in range(SENDERS)]


def test_who_has_just_looked_waits_for_the_others() -> None:
    assert until_turn(3, SENDERS, 3 * POLL_SECONDS) == SENDERS * POLL_SECONDS


def test_one_alone_looks_every_time() -> None:
    assert until_turn(0, 1, 5.0) == POLL_SECONDS
