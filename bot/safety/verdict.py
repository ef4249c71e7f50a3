"""What the screen is told and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = ("emergency", "urgent", "soon", "self-care")
"""From the most to the least pressing."""

LEARNED = "learned:"
"""Begins the `rule` of what only the learned view saw."""


def level_rank(level: str | None) -> int:
    """3 for an emergency down to 0 for self-care; -1 for no level."""
    return len(LEVELS) - 1 - LEVELS.index(level) if level is not None else -1


@dataclass(frozen=True)
class Finding:
    """One view's reason to raise one category. `signs`: of the matched words those of signs and settings, without marks
    such as "today"; empty where the view knows no concepts."""

    category: str
    level: str
    sure: bool
    matched: tuple[str, ...]
    rule: str
    against: tuple[str, ...] = ()
    weight: float = 1.0
    language: str | None = None
    signs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.matched or not all(self.matched):
            raise ValueError("a finding needs the person's own words")
        if not self.rule:
            raise ValueError("a finding needs the rule that led to it")
        if self.level not in LEVELS:
            raise ValueError(f"unknown level '{self.level}'")


@dataclass(frozen=True)
class Verdict:
    """What the screen decided about one message, and why.

    matched: the person's own words. rule: which rule led to it. against: what spoke against an alarm.
    also: further categories with their levels. language: set when plain words of another language were found.

    Raises ValueError when a category is given without a level, matched words or a rule, or the reverse.
    """

    category: str | None = None
    level: str | None = None
    sure: bool = False
    matched: tuple[str, ...] = ()
    rule: str | None = None
    against: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    findings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    @property
    def chance(self) -> float:
        """How likely it is a danger, 0 to 1, where only the learned view saw it; 1 where a rule did."""
        of_rule = (finding.weight for finding in self.findings if finding.rule == self.rule)
        return next(of_rule, 1.0) if (self.rule or "").startswith(LEARNED) else 1.0

    def __post_init__(self) -> None:
        if self.category is None:
            if self.level is not None or self.rule is not None or self.matched or self.sure or self.also:
                raise ValueError("a verdict without a category cannot hold a level, a rule or matched words")
            return
        if self.level not in LEVELS:
            raise ValueError(f"a verdict with a category needs a level, not '{self.level}'")
        if not self.matched or not all(self.matched):
            raise ValueError("a verdict with a category needs the person's own words")
        if not self.rule:
            raise ValueError("a verdict with a category needs the rule that led to it")

    @property
    def alarm(self) -> bool:
        """True when the message raises a category, sure or not."""
        return self.category is not None
