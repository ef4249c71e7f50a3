"""Let the rules and the learned view decide together: escalate, ask the check question, or nothing.

Three small logistic models weigh what the views say: how likely the message tells of a danger that is urgent or worse;
if so, how likely an emergency; and how likely it is a danger that can wait some days. Their weights and all thresholds
are content (shared/voting.yml); `clonus evaluate voting` fits them on messages that no rule was mended for, each
scored as if it had not been learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp
from pathlib import Path

from pydantic import Field

from bot.safety.learned import Encoder, LearnedView, Opinion, seen_text
from bot.safety.verdict import LEARNED, LEVELS, Finding, Verdict, level_rank
from knowledge.files import load_yaml, parse_model
from knowledge.models import Content
from knowledge.red_flag_models import RedFlag

ABOUT, ABOUT_SHARE = 3, 0.5
"""Categories that a text is taken to be about: the likeliest, and those with this share of its score."""

MOST_COUNTED = 3
"""Rules, categories or silenced signs of one message from which more say no more."""

REMEMBERED = 256
"""Opinions on recent texts kept in memory."""

EMERGENCY, URGENT, SOON = level_rank("emergency"), level_rank("urgent"), level_rank("soon")


class RuleSupport(Content):
    """How much a rule adds to the learned score of its category."""

    sure: float = Field(ge=0)
    doubted: float = Field(ge=0)


class Voting(Content):
    """Thresholds and weights of the vote (shared/voting.yml says what they mean)."""

    escalate_at: float = Field(gt=0, lt=1)
    ask_at: float = Field(gt=0, lt=1)
    keep_at: float = Field(gt=0, lt=1)
    clear_from: float = Field(gt=0, lt=1)
    together_at: float = Field(gt=0, lt=1)
    together_alone_at: float = Field(gt=0, lt=1)
    together_by_rule_at: float = Field(gt=0, lt=1)
    together_by_rule_alone_at: float = Field(gt=0, lt=1)
    ordinary_below: float
    emergency_at: float = Field(gt=0, lt=1)
    soon_at: float
    rule_support: RuleSupport
    danger_weights: dict[str, float]
    emergency_weights: dict[str, float]
    emergency_share: dict[str, float]
    soon_from: float = Field(gt=0, lt=1)
    soon_weights: dict[str, float]
    soon_share: dict[str, float]


def load_voting(folder: Path) -> Voting:
    """Read shared/voting.yml of the danger content in `folder`. Raises ContentError naming file and line."""
    return parse_model(load_yaml(folder / "shared" / "voting.yml"), Voting)


def certain(verdict: Verdict) -> bool:
    """Whether a rule is sure of an emergency."""
    return any(finding.sure and finding.level == LEVELS[0] for finding in verdict.findings)


def plainly_named(verdict: Verdict) -> bool:
    """Whether a rule is sure of a same-day danger, or in doubt about an emergency that nothing speaks against, such as
    "my leg feels numb". It takes more to silence these."""
    rank = level_rank(verdict.level)
    return rank >= URGENT and (verdict.sure or (rank == EMERGENCY and not verdict.against))


def chosen_category(verdict: Verdict, opinion: Opinion, support: RuleSupport) -> str:
    """The category that rules and learned view together speak for most."""
    scores = dict(opinion.categories)
    added: dict[str, float] = {}
    for finding in verdict.findings:
        more = support.sure if finding.sure else support.doubted
        added[finding.category] = max(added.get(finding.category, 0.0), more)
    for category, more in added.items():
        scores[category] = scores.get(category, 0.0) + more
    return max(sorted(scores), key=lambda category: scores[category])


def danger_features(verdict: Verdict, opinion: Opinion) -> dict[str, float]:
    """What speaks for and against a danger, by name."""
    rank = level_rank(verdict.level)
    pressing = rank >= URGENT
    likeliest, score = opinion.categories[0]
    sure_rules = {(finding.category, finding.rule) for finding in verdict.findings if finding.sure}
    return {
        "constant": 1.0,
        "learned_danger": opinion.danger,
        "learned_any_level": opinion.any_level,
        "learned_best_category": score,
        "learned_category_of_the_rule": opinion.of(verdict.category) if pressing and verdict.category else 0.0,
        "sure_emergency_rule": float(verdict.sure and rank == EMERGENCY),
        "sure_urgent_rule": float(verdict.sure and rank == URGENT),
        "doubted_rule": float(pressing and not verdict.sure),
        "soon_rule": float(rank == SOON),
        "sure_rules": float(min(MOST_COUNTED, len(sure_rules))),
        "categories_of_rules": float(min(MOST_COUNTED, len({finding.category for finding in verdict.findings}))),
        "both_name_the_same_category": float(verdict.alarm and verdict.category == likeliest),
        "sign_was_silenced": float(bool(verdict.against) and not verdict.alarm),
        "signs_silenced": float(min(MOST_COUNTED, len(verdict.against))),
    }


def emergency_features(verdict: Verdict, opinion: Opinion, share: float) -> dict[str, float]:
    """What speaks for and against an emergency in a message that tells of a danger, by name. `share`: how many of the
    category's curated dangers are emergencies, 0 to 1."""
    rank = level_rank(verdict.level)
    return {
        "constant": 1.0,
        "learned_danger": opinion.danger,
        "learned_emergency_beyond_danger": opinion.emergency - opinion.danger,
        "emergency_share_of_category": share,
        "sure_emergency_rule": float(verdict.sure and rank == EMERGENCY),
        "doubted_emergency_rule": float(rank == EMERGENCY and not verdict.sure),
        "urgent_rule": float(rank == URGENT),
    }


def soon_features(verdict: Verdict, opinion: Opinion, share: float) -> dict[str, float]:
    """What speaks for and against a danger that can wait some days, in a message that tells of one at any level, by
    name. `share`: how many of the category's curated dangers can, 0 to 1."""
    rank = level_rank(verdict.level)
    return {
        "constant": 1.0,
        "learned_danger": opinion.danger,
        "learned_any_level_beyond_danger": opinion.any_level - opinion.danger,
        "soon_share_of_category": share,
        "soon_rule": float(rank == SOON),
        "sure_urgent_rule": float(rank >= URGENT and verdict.sure),
        "doubted_urgent_rule": float(rank >= URGENT and not verdict.sure),
    }


def likelihood(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The chance, 0 to 1, by a logistic model. Raises KeyError for a feature without a weight."""
    total = sum(weights[name] * value for name, value in features.items())
    return 1.0 / (1.0 + exp(-max(-60.0, min(60.0, total))))


@dataclass(frozen=True)
class Ballot:
    """What the vote made of the two views: chances from 0 to 1, and the category both speak for most."""

    danger: float
    emergency: float
    soon: float
    category: str


class Vote:
    """Weighs the rules' verdict against the learned view."""

    def __init__(
        self, voting: Voting, learned: LearnedView, encoder: Encoder, categories: Mapping[str, RedFlag]
    ) -> None:
        self._voting = voting
        # asked several times about one message: whole and in parts, by the guard and again by the pipeline
        self._opinion = lru_cache(maxsize=REMEMBERED)(lambda text: learned.opinion(text, encoder))
        self._levels = {
            slug: {flag.level.value, *(level.value for level in flag.at), *(r.level.value for r in flag.level_rules)}
            for slug, flag in categories.items()
        }
        self._always_asked = {
            (slug, rule.id) for slug, flag in categories.items() for rule in flag.rules if rule.always_asked
        }

    def review(self, text: str, rules: Verdict, respelled: str = "") -> Verdict:
        """The verdict of both views on a message, given the rules' verdict.

        An alarm of the rules in another language stands. `respelled`: the message with its spelling mended; the more
        dangerous reading counts.
        """
        opinion = self._opinion(text)
        if opinion is None:
            return rules
        if respelled and seen_text(respelled) != seen_text(text):
            mended = self._opinion(respelled)
            if mended is not None and mended.danger > opinion.danger:
                opinion = replace(mended, shared=opinion.shared)
        return self.decide(rules, opinion)

    def ordinary(self, text: str) -> bool:
        """Whether a part of a message is like ordinary talk, or too short to be like anything."""
        opinion = self._opinion(text)
        return opinion is None or max(opinion.danger, opinion.any_level) < self._voting.ordinary_below

    def complete_each_other(self, both: tuple[str, Verdict], alone: tuple[str, Verdict], by_rule: bool) -> bool:
        """Whether a message is likely a danger together with what was told before, and not just for what was told.

        `both` and `alone`: the text with what was told and the message, each with the rules' verdict on it. `by_rule`:
        a rule sees more in both; then it takes less.
        """
        limits, together, apart = self._voting, self._chance(*both), self._chance(*alone)
        if by_rule:
            return together >= limits.together_by_rule_at or apart >= limits.together_by_rule_alone_at
        return together >= limits.together_at and apart >= limits.together_alone_at

    def _chance(self, text: str, rules: Verdict) -> float:
        opinion = self._opinion(text)
        return self.ballot(rules, opinion).danger if opinion is not None else 0.0

    def about(self, text: str) -> list[str]:
        """The few categories that the learned view thinks a text likeliest to be of."""
        opinion = self._opinion(text)
        if opinion is None:
            return list(self._levels)
        least = ABOUT_SHARE * opinion.categories[0][1]
        return [category for category, score in opinion.categories[:ABOUT] if score >= least]

    def ballot(self, rules: Verdict, opinion: Opinion) -> Ballot:
        """The chances of danger and emergency, and the category."""
        known = replace(opinion, categories=tuple(pair for pair in opinion.categories if pair[0] in self._levels))
        category = chosen_category(rules, known, self._voting.rule_support)
        share = self._voting.emergency_share.get(category, 0.5)
        return Ballot(
            likelihood(self._voting.danger_weights, danger_features(rules, known)),
            likelihood(self._voting.emergency_weights, emergency_features(rules, known, share)),
            likelihood(
                self._voting.soon_weights, soon_features(rules, known, self._voting.soon_share.get(category, 0.0))
            ),
            category,
        )

    def decide(self, rules: Verdict, opinion: Opinion) -> Verdict:
        """The verdict, given what both views say."""
        limits = self._voting
        if rules.alarm and rules.language:
            return rules
        ballot = self.ballot(rules, opinion)
        pressing = level_rank(rules.level) >= URGENT
        kept = (
            certain(rules) or self._asked_at_least(rules) or (plainly_named(rules) and ballot.danger >= limits.keep_at)
        )
        if kept or ballot.danger >= limits.ask_at:
            if ballot.soon >= limits.soon_from and self._can_wait(rules, ballot.category):
                return self._verdict(rules, opinion, ballot.category, "soon", True, ballot)  # nothing to ask
            clear = rules.alarm or opinion.categories[0][1] >= limits.clear_from
            return self._raised(rules, opinion, ballot, sure=clear and ballot.danger >= limits.escalate_at)
        if rules.alarm and not pressing:
            return rules
        best = ballot.category
        if opinion.any_level >= limits.soon_at and "soon" in self._levels[best]:
            return self._verdict(rules, opinion, best, "soon", True, ballot)
        if pressing:
            reason = f"unlike the curated dangers ({ballot.danger:.2f}): {', '.join(rules.matched)}"
            return Verdict(against=(*rules.against, reason), findings=rules.findings)
        return rules

    def _asked_at_least(self, rules: Verdict) -> bool:
        """Whether a rule found what the content wants asked about in any case, and nothing speaks against it."""
        return any(
            (finding.category, finding.rule) in self._always_asked and not finding.against for finding in rules.findings
        )

    def _can_wait(self, rules: Verdict, category: str) -> bool:
        """Whether nothing forbids the level "soon", which comes beside an answer and asks nothing."""
        surely_pressing = rules.sure and level_rank(rules.level) >= URGENT
        return "soon" in self._levels[category] and not surely_pressing and not certain(rules)

    def _raised(self, rules: Verdict, opinion: Opinion, ballot: Ballot, sure: bool) -> Verdict:
        wanted = "emergency" if certain(rules) or ballot.emergency >= self._voting.emergency_at else "urgent"
        return self._verdict(rules, opinion, ballot.category, self._level(ballot.category, wanted), sure, ballot)

    def _level(self, category: str, wanted: str) -> str:
        """`wanted` if the category has it, else the next higher level it has, else its highest."""
        ranks = {level_rank(level): level for level in self._levels[category]}
        fitting = [rank for rank in ranks if rank >= level_rank(wanted)]
        return wanted if wanted == LEVELS[0] else ranks[min(fitting)] if fitting else wanted

    def _verdict(
        self, rules: Verdict, opinion: Opinion, category: str, level: str, sure: bool, ballot: Ballot
    ) -> Verdict:
        own = [finding for finding in rules.findings if finding.category == category]
        told = max(own, key=lambda finding: (level_rank(finding.level), finding.sure, finding.weight), default=None)
        doubt = () if sure or not rules.sure else (f"unlike the curated dangers ({ballot.danger:.2f})",)
        found = Finding(
            category,
            level,
            sure,
            told.matched if told else opinion.shared,
            told.rule if told else f'{LEARNED}{category} (like "{opinion.nearest}")',
            (*(told.against if told else ()), *doubt),
            weight=ballot.danger,
        )
        others: dict[str, str] = {}
        for finding in sorted(rules.findings, key=lambda finding: -level_rank(finding.level)):
            if finding.category != category:
                others.setdefault(finding.category, finding.level)
        return Verdict(
            category=category,
            level=level,
            sure=sure,
            matched=found.matched,
            rule=found.rule,
            against=found.against,
            also=tuple(others.items()),
            findings=(found, *rules.findings),
        )
