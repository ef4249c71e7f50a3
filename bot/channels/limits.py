"""How much one conversation may send: a steady rate with room for a burst."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_REMEMBERED = 10_000
"""Conversations whose rate is known; the longest silent ones are forgotten first."""


class Rate:
    """Lets each key do `a_minute` things a minute on the whole, and `burst` at once (by default half of that).

    `clock` gives seconds that only ever grow.
    """

    def __init__(self, a_minute: int, burst: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_minute / 60
        self._burst = burst if burst is not None else max(1, a_minute // 2)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one turn for `key`: 0 when it may go ahead, otherwise the seconds to wait, and nothing is taken."""
        now = self._clock()
        left, at = self._left.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._a_second)
        waits = max(0.0, (1 - left) / self._a_second)
        self._left[key] = (left if waits else left - 1, now)
        while len(self._left) > MOST_REMEMBERED:
            self._left.popitem(last=False)
        return waits
