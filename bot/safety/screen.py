"""The screen: a message and what the conversation knows in, a verdict out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.safety.rules import RulesView
from bot.safety.verdict import Context, Finding, Verdict, level_rank
from knowledge.red_flag_models import RedFlagLibrary, load_red_flags

NOTHING_KNOWN = Context()


class View(Protocol):
    """One independent way of seeing danger in a message."""

    def look(self, text: str, context: Context) -> list[Finding]:
        """All findings, in any order; none when the message is harmless."""


class SafetyScreen:
    """Combines the findings of its views into one verdict: the highest level wins, then the surest."""

    def __init__(self, library: RedFlagLibrary, views: Sequence[View] = ()) -> None:
        """`views` are asked after the rules, which are always there."""
        self.library = library
        self._rules = RulesView(library)
        self._views: tuple[View, ...] = (self._rules, *views)

    @classmethod
    def load(cls, folder: Path | str, views: Sequence[View] = ()) -> SafetyScreen:
        """The screen over the danger content in `folder`. Raises ContentError naming file and line."""
        return cls(load_red_flags(Path(folder)), views)

    def screen(self, text: str, context: Context = NOTHING_KNOWN) -> Verdict:
        """The verdict on one message. Never raises for any text."""
        findings = [finding for view in self._views for finding in view.look(text, context)]
        if not findings:
            return Verdict(against=self._rules.silenced(text, context))
        best: dict[str, Finding] = {}
        for finding in sorted(findings, key=self._pressing, reverse=True):
            best.setdefault(finding.category, finding)
        first, *others = best.values()
        return Verdict(
            category=first.category,
            level=first.level,
            sure=first.sure,
            matched=first.matched,
            rule=first.rule,
            against=first.against,
            also=tuple((other.category, other.level) for other in others),
            language=next((finding.language for finding in findings if finding.language), None),
            findings=tuple(findings),
        )

    def _pressing(self, finding: Finding) -> tuple[float, ...]:
        order = self.library.categories[finding.category].order
        return (level_rank(finding.level), finding.sure, -order, finding.weight)
