"""Whether a score means what it says: of the answers scored 0.8, about 80 % should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Scored:
    """An answer with its score, from 0 to 1, and whether it was right."""

    score: float
    right: bool


@dataclass(frozen=True)
class Bin:
    """The answers whose score lies in one range: `low` <= score < `high`, and 1.0 is in the last."""

    low: float
    high: float
    count: int
    right: int
    mean_score: float
    """0 when the range is empty."""

    @property
    def share_right(self) -> float:
        """From 0 to 1; 0 when the range is empty."""
        return self.right / self.count if self.count else 0.0


def calibration_bins(scored: Sequence[Scored], bins: int = BINS) -> list[Bin]:
    """The answers sorted into ranges of equal width. Raises ValueError for a score that is not from 0 to 1."""
    filled: list[list[Scored]] = [[] for _ in range(bins)]
    for answer in scored:
        if not 0.0 <= answer.score <= 1.0:
            raise ValueError(f"{answer.score} is not a score from 0 to 1")
        # the small step keeps 0.3, which is stored as slightly less than 3/10 of the way, in the range it begins
        filled[min(int(answer.score * bins + 1e-9), bins - 1)].append(answer)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(answers),
            sum(answer.right for answer in answers),
            sum(answer.score for answer in answers) / len(answers) if answers else 0.0,
        )
        for number, answers in enumerate(filled)
    ]


def expected_calibration_error(scored: Sequence[Scored], bins: int = BINS) -> float:
    """How far the mean score lies from the share that is right, averaged over the ranges by their number of answers:
    0 is perfect, 1 is always wrong and always sure. 0 when there are no answers."""
    if not scored:
        return 0.0
    gaps = (part.count * abs(part.mean_score - part.share_right) for part in calibration_bins(scored, bins))
    return sum(gaps) / len(scored)
