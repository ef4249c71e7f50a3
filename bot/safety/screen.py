"""The screen: a message and what the conversation knows in, a verdict out."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bot.safety.parts import only_denies, telling, where_it_stands
from bot.safety.presupposed import presupposed
from bot.safety.rules import RulesView
from bot.safety.run_on import apart
from bot.safety.told import Gain, Told, begun_before, gained, remembered, still_so
from bot.safety.unfinished import Unfinished, begun
from bot.safety.verdict import LEARNED, LEVELS, Finding, Verdict, level_rank
from bot.understanding.all_well import all_is_well
from knowledge.red_flag_models import RedFlagLibrary, load_red_flags

logger = logging.getLogger(__name__)


def _strength(verdict: Verdict) -> tuple[int, bool]:
    """How pressing a verdict is: its level, then whether it is sure."""
    return level_rank(verdict.level), verdict.sure


_STRONGEST = (level_rank(LEVELS[0]), True)


class View(Protocol):
    """One independent way of seeing danger in a message."""

    def look(self, text: str) -> list[Finding]:
        """All findings, in any order; none when the message is harmless."""


class SecondOpinion(Protocol):
    """Weighs what the views found against another way of seeing danger."""

    def review(self, text: str, rules: Verdict, respelled: str = "") -> Verdict:
        """The verdict of both. `respelled`: the message with its spelling mended."""

    def ordinary(self, text: str) -> bool:
        """Whether a part of a message is like ordinary talk."""

    def about(self, text: str) -> Collection[str]:
        """The categories a text may be of."""

    def complete_each_other(self, both: tuple[str, Verdict], alone: tuple[str, Verdict], by_rule: bool) -> bool:
        """Whether a message is likely a danger with what was told before. Each text comes with the rules' verdict;
        `by_rule`: a rule sees more in both."""


class SafetyScreen:
    """Combines the findings of its views into one verdict: the highest level wins, then the surest."""

    def __init__(
        self, library: RedFlagLibrary, views: Sequence[View] = (), second_opinion: SecondOpinion | None = None
    ) -> None:
        """`views` are asked after the rules, which are always there; `second_opinion` reviews what they found."""
        self.library = library
        self._rules = RulesView(library)
        self._views: tuple[View, ...] = (self._rules, *views)
        self._second_opinion = second_opinion

    @classmethod
    def load(cls, folder: Path | str, views: Sequence[View] = ()) -> SafetyScreen:
        """The screen over the danger content in `folder`. Raises ContentError naming file and line."""
        return cls(load_red_flags(Path(folder)), views)

    def screen(self, text: str, told_before: Sequence[str] = ()) -> Verdict:
        """The verdict on one message. Never raises for any text.

        What tells of no danger is left out and the rest read again by itself; so are the sentences that the rules are
        sure of, when they are sure of an emergency in the whole. Where a statement runs on from a question without a
        mark, both are read apart as well, and so is what a question takes for granted. What was told before (sentences
        of earlier messages that tell of something lasting, oldest first) is put before the message and both are read as
        one; that counts where it makes a danger of what would be none or a lesser one. A sentence that the message
        before began is read with its end here. The most pressing verdict counts.
        """
        alone = self._alone(text)
        if alone.sure and (alone.rule or "").startswith(LEARNED) and begun(text) is not None:
            alone = replace(alone, sure=False)  # "my wife can't" is like many things
        for start in (part for part in told_before if isinstance(part, Unfinished)):
            alone = max(alone, self._alone(f"{start} {text}"), key=_strength)
        told_before = [part for part in told_before if not isinstance(part, Unfinished)]
        if not told_before or (not alone.alarm and all_is_well(text)):
            return alone  # "sorted it, feel ok now" makes no more of what was told
        try:
            return self._with_told(text, alone, ". ".join(told_before))
        except Exception:
            logger.exception("What was told before could not be read with a message; the message decides alone.")
            return alone

    def _with_told(self, text: str, alone: Verdict, before: str) -> Verdict:
        """The verdict on a message behind what was told before, if that makes more of it; else the one on it alone."""
        together = f"{before}. {text}"
        both = self._alone(together)
        gain = gained(both, alone, self._alone(before), text)
        if gain is Gain.NOTHING:
            return alone
        if gain is Gain.NAME:
            return both
        if self._second_opinion is None:
            return both if gain is Gain.RULE else alone
        of_both, of_it = ((words, self._by_views(words)) for words in (together, text))
        return both if self._second_opinion.complete_each_other(of_both, of_it, gain is Gain.RULE) else alone

    def remember(self, text: str, told: Sequence[Told], now: float) -> tuple[Told, ...]:
        """What is to be kept of what was told, after one more message. `now`: seconds since 1970."""
        said, denied = self._rules.circumstances(text)
        return begun_before(remembered(told, said, denied, self._rules.remembered_hours, now), text, now)

    def holding(self, text: str, told: Sequence[Told], now: float) -> tuple[str, ...]:
        """What was told before that still holds and has to do with a message. `now`: seconds since 1970."""
        return still_so(told, now, self._rules.makes_nothing_of(text))

    def _alone(self, text: str) -> Verdict:
        """The verdict on a text by itself."""
        verdict = self._screened(text)
        if _strength(verdict) == _STRONGEST:
            return verdict
        sentences = apart(text)
        verdicts = [verdict] if sentences is None else [verdict, self._screened(sentences)]
        for part in presupposed(text):
            if all_is_well(part.text):
                continue  # "do I really need to ring, he seems ok now"
            told = self._screened(part.text)
            verdicts.append(replace(told, sure=False) if part.may_be and told.sure else told)
        return max(verdicts, key=_strength)

    def _screened(self, text: str) -> Verdict:
        """The verdict on a message as it is written."""
        verdict = self._by_views(text)
        if self._second_opinion is None:
            return verdict
        try:
            parts = self._rules.parts(text)
            if not verdict.alarm and only_denies(parts, self._second_opinion.ordinary):
                return verdict
            reviewed = self._reviewed(self._second_opinion, text, verdict)
            if _strength(reviewed) == _STRONGEST:
                return reviewed
            rests = [telling(parts, self._second_opinion.ordinary, self._second_opinion.about)]
            if _strength(verdict) == _STRONGEST:
                rests.append(where_it_stands(parts, self._by_views))
            again = [
                self._reviewed(self._second_opinion, rest, self._by_views(rest)) for rest in rests if rest is not None
            ]
            return max([reviewed, *again], key=_strength)
        except Exception:
            logger.exception("The second opinion failed; the rules decide alone.")
            return verdict

    def reviewed_by(self, second_opinion: SecondOpinion | None) -> SafetyScreen:
        """The same screen with another second opinion, or with none; the rules are not compiled again."""
        other = copy(self)
        other._second_opinion = second_opinion
        return other

    def _reviewed(self, second_opinion: SecondOpinion, text: str, verdict: Verdict) -> Verdict:
        return second_opinion.review(text, verdict, self._rules.respelled(text))

    def only_calls(self, verdict: Verdict) -> bool:
        """Whether what raised a verdict is no sign of a danger, but that help is wanted."""
        flag = self.library.categories.get(verdict.category or "")
        return flag is not None and any(rule.only_calls and rule.id == verdict.rule for rule in flag.rules)

    def respelled(self, text: str) -> str:
        """`text` with its spelling mended."""
        return self._rules.respelled(text)

    def _by_views(self, text: str) -> Verdict:
        findings = [finding for view in self._views for finding in view.look(text)]
        if not findings:
            return Verdict(against=self._rules.silenced(text))
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
