"""How much one conversation may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels import limits
from bot.channels.limits import Rate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_goes_through_and_then_one_at_a_time() -> None:
    clock = Clock()
    rate = Rate(60, burst=3, clock=clock)
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.5
    assert rate.take("a") == 0.5
    clock.now += 0.5

    assert [rate.take("a"), rate.take("a")] == [0, 1]


def test_one_flood_does_not_slow_another_person() -> None:
    rate = Rate(60, burst=1, clock=Clock())

    assert [rate.take("a"), rate.take("a"), rate.take("b")] == [0, 1, 0]


def test_half_a_minutes_worth_may_come_at_once() -> None:
    rate = Rate(10, clock=Clock())

    assert [rate.take("a") for _ in range(6)] == [0, 0, 0, 0, 0, 6]


def test_the_longest_silent_are_forgotten_first(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 2)
    rate = Rate(60, burst=1, clock=Clock())
    assert [rate.take(key) for key in ("a", "b", "a", "c")] == [0, 0, 1, 0]

    assert [rate.take(key) for key in ("a", "b")] == [1, 0]


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_never_more_than_the_rate_and_the_burst(pauses: list[float]) -> None:
    clock = Clock()
    rate = Rate(30, burst=5, clock=clock)
    started, gone = clock.now, 0
    for pause in pauses:
        clock.now += pause
        gone += rate.take("a") == 0

    assert gone <= 5 + (clock.now - started) / 2 + 1e-6
