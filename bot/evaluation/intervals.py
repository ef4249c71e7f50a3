"""How sure a measured share is."""

from __future__ import annotations

from math import sqrt

NORMAL_95 = 1.959963984540054
"""Standard deviations on either side that hold 95 % of a normal distribution."""


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, from 0 to 1, by Wilson's score method.

    Unlike the usual plus-or-minus it stays between 0 and 1 and is honest for few messages and for shares near 0 or 1.
    Nothing measured says nothing: the interval is (0, 1). Raises ValueError unless 0 <= successes <= total.
    """
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is not a share")
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, NORMAL_95**2
    middle = share + square / (2 * total)
    half = NORMAL_95 * sqrt(share * (1 - share) / total + square / (4 * total**2))
    scale = 1 + square / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
