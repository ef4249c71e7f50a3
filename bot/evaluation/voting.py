"""Fit the vote of the safety screen's two views on curated messages, each scored as if it had not been learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.safety import SafetyScreen
from bot.safety.curated import CuratedMessage, load_curated
from bot.safety.learned import ANY, DANGER, EMERGENCY, GENERAL, Opinion, Problem, seen_text
from bot.safety.verdict import Verdict, level_rank
from bot.safety.vote import (
    RuleSupport,
    Voting,
    certain_from,
    certain_rules,
    chosen_category,
    danger_features,
    emergency_features,
    likelihood,
)
from bot.understanding.plain_text import plain_text
from bot.understanding.vector_cache import VectorCache

ESCALATED_WRONGLY = 0.02
"""Share of harmless messages that may be escalated: the mean of the shares of look-alikes and of ordinary messages."""
ALARMED_WRONGLY = 0.08
"""The same for messages that are escalated or met with the check question."""
SOON_WRONGLY = 0.005
"""The same for messages met with the check question for a level of "soon"."""
EMERGENCIES_FOUND = 0.95
"""Share of curated emergencies, among dangers, that must be named an emergency."""
ORDINARY_WEIGHT = 0.5
"""Weight of an ordinary message against a danger or look-alike: there are more of them and they are easier."""
RULE_SUPPORT = RuleSupport(sure=0.2, doubted=0.1)
KEEP_AT = 0.1
SHAKY_AT = 0.5
CLEARLY_LOW = 0.1
ORDINARY_BELOW = -0.5
SHAKY_FROM = 2
"""False alarms on curated messages from which a sure emergency rule may be called shaky ..."""
SHAKY_SHARE = 0.1
"""... when they are at least this share of its alarms."""


@dataclass(frozen=True)
class Heard:
    """A curated message with what the rules say and what the learned view says when it was not among its examples."""

    message: CuratedMessage
    rules: Verdict
    opinion: Opinion

    @property
    def rank(self) -> int:
        """3 for an emergency down to 1 for soon; -1 for no danger."""
        return level_rank(self.message.level)


def hear_curated(knowledge: Path, nlu: Path, rules: SafetyScreen, vectors: VectorCache) -> list[Heard]:
    """What both views say of every curated message. `rules`: a screen without a second opinion.

    Raises ContentError for a mistake in the content.
    """
    messages = load_curated(knowledge, nlu)
    problem = Problem.of(messages, vectors.vectors([seen_text(message.text) for message in messages]))
    opinions = left_out_opinions(problem.categories, problem.left_out_scores())
    return [Heard(m, rules.screen(plain_text(m.text)), o) for m, o in zip(messages, opinions, strict=True)]


def left_out_opinions(categories: Sequence[str], scores: NDArray[np.float32]) -> list[Opinion]:
    """The opinions that left-out `scores`, shape (messages, classes), stand for."""
    opinions = []
    for row in scores:
        order = np.argsort(-row[GENERAL:], kind="stable")
        pairs = tuple((categories[place], float(row[GENERAL + place])) for place in order)
        opinions.append(Opinion(float(row[DANGER]), float(row[ANY]), float(row[EMERGENCY]), pairs, "-", ("-",)))
    return opinions


def false_alarm_rate(heard: Sequence[Heard], alarmed: Callable[[Heard], bool]) -> float:
    """The mean of two shares: alarms among look-alikes, and alarms among ordinary messages."""
    look_alikes = [one for one in heard if one.message.nearest is not None]
    ordinary = [one for one in heard if one.message.nearest is None and one.message.category is None]
    shares = [sum(map(alarmed, group)) / len(group) for group in (look_alikes, ordinary) if group]
    return sum(shares) / len(shares)


def fit_voting(heard: Sequence[Heard]) -> Voting:
    """Weights and thresholds by the rates above."""
    judged = [one for one in heard if one.rank != level_rank("soon")]
    danger_weights = _logistic(
        [danger_features(one.rules, one.opinion) for one in judged],
        [one.rank >= level_rank("urgent") for one in judged],
        [ORDINARY_WEIGHT if one.message.category is None and one.message.nearest is None else 1.0 for one in judged],
    )
    share = _emergency_share(heard)
    dangers = [one for one in judged if one.rank >= level_rank("urgent")]
    features = [
        emergency_features(one.rules, one.opinion, share[chosen_category(one.rules, one.opinion, RULE_SUPPORT)])
        for one in dangers
    ]
    emergencies = [one.rank == level_rank("emergency") for one in dangers]
    emergency_weights = _logistic(features, emergencies, [1.0] * len(dangers))
    chances = [likelihood(emergency_weights, row) for row, wanted in zip(features, emergencies, strict=True) if wanted]
    chance = {id(one): likelihood(danger_weights, danger_features(one.rules, one.opinion)) for one in heard}

    shaky = shaky_rules(heard)
    certain = {id(one): certain_rules(one.rules) for one in heard}
    own_limit = {id(one): certain_from(certain[id(one)], shaky, SHAKY_AT, CLEARLY_LOW) for one in heard}

    def escalated_at(limit: float) -> Callable[[Heard], bool]:
        return lambda one: chance[id(one)] >= min(limit, own_limit[id(one)])

    def alarmed_at(limit: float) -> Callable[[Heard], bool]:
        return lambda one: (
            chance[id(one)] >= limit
            or bool(certain[id(one)])
            or (level_rank(one.rules.level) >= level_rank("urgent") and chance[id(one)] >= KEEP_AT)
        )

    escalate_at = _lowest(lambda limit: false_alarm_rate(heard, escalated_at(limit)), ESCALATED_WRONGLY, 0.5, 0.95)
    ask_at = _lowest(lambda limit: false_alarm_rate(heard, alarmed_at(limit)), ALARMED_WRONGLY, KEEP_AT, escalate_at)
    soon_at = _lowest(
        lambda limit: false_alarm_rate(heard, lambda one: chance[id(one)] < ask_at and one.opinion.any_level >= limit),
        SOON_WRONGLY, -0.9, 0.9,
    )  # fmt: skip
    return Voting(
        escalate_at=escalate_at,
        ask_at=ask_at,
        keep_at=KEEP_AT,
        shaky_at=SHAKY_AT,
        clearly_low=CLEARLY_LOW,
        ordinary_below=ORDINARY_BELOW,
        emergency_at=round(float(np.quantile(chances, 1 - EMERGENCIES_FOUND)), 2),
        soon_at=soon_at,
        rule_support=RULE_SUPPORT,
        danger_weights=danger_weights,
        emergency_weights=emergency_weights,
        emergency_share=share,
        shaky_rules=shaky,
    )


def shaky_rules(heard: Sequence[Heard]) -> dict[str, float]:
    """The rules that are sure of an emergency and often wrong: "category/rule" with its share of false alarms."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one in heard:
        (wrong if one.message.category is None else right).update(certain_rules(one.rules))
    shares = {rule: count / (count + right[rule]) for rule, count in sorted(wrong.items()) if count >= SHAKY_FROM}
    return {rule: round(share, 2) for rule, share in shares.items() if share >= SHAKY_SHARE}


def _lowest(rate: Callable[[float], float], most: float, low: float, high: float) -> float:
    """The lowest threshold, in steps of 0.01, at which `rate` is `most` at most; `high` if there is none."""
    for step in range(round((high - low) * 100) + 1):
        if rate(round(low + step / 100, 2)) <= most:
            return round(low + step / 100, 2)
    return high


def _logistic(
    features: Sequence[Mapping[str, float]], wanted: Sequence[bool], weights: Sequence[float]
) -> dict[str, float]:
    """The weights of a logistic model, rounded so that they can be read."""
    names = [name for name in features[0] if name != "constant"]
    rows = np.array([[row[name] for name in names] for row in features])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows, np.array(wanted), sample_weight=np.array(weights))
    fitted = dict(zip(names, (round(float(value), 2) for value in model.coef_[0]), strict=True))
    return {"constant": round(float(model.intercept_[0]), 2), **fitted}


def _emergency_share(heard: Sequence[Heard]) -> dict[str, float]:
    """How many of each category's dangers that are urgent or worse are emergencies, 0 to 1."""
    counts: dict[str, list[bool]] = {}
    for one in heard:
        if one.message.category is not None:
            counts.setdefault(one.message.category, [])
            if one.rank >= level_rank("urgent"):
                counts[one.message.category].append(one.rank == level_rank("emergency"))
    return {slug: round((sum(ones) + 1) / (len(ones) + 2), 2) for slug, ones in sorted(counts.items())}


EXPLAINED = {
    "escalate_at": "danger at least this likely: escalate at once",
    "ask_at": "less likely, but at least this: ask the one check question",
    "keep_at": "a rule spoke and danger is at least this likely: ask; less likely: no alarm",
    "shaky_at": "a shaky rule (below) was sure of an emergency: escalate from here on, ask below",
    "clearly_low": "any other rule was sure of an emergency: escalate from here on, ask below; it is never dropped",
    "ordinary_below": "a part of a message whose learned score is below this may be left out of a second reading",
    "emergency_at": "an emergency at least this likely, given a danger: the level is emergency, otherwise urgent",
    "soon_at": 'no danger, but the learned score for any level is at least this: level "soon", which never interrupts',
}

HEADING = """\
# How the rules and the learned view vote on a message (bot/safety/vote.py).
# Likelihoods are from 0 to 1. Fitted on the curated messages of knowledge/ and data/nlu, each scored as if it had not
# been learned from, by `clonus evaluate voting --write`; held-out messages play no part. The thresholds follow from
# rates, the mean over look-alikes and over ordinary messages: at most {escalated} escalated, at most {alarmed} alarmed
# at all, and at least {found} of emergencies named as such.
"""


def voting_file(voting: Voting) -> str:
    """The text of shared/voting.yml."""
    lines = [
        HEADING.format(
            escalated=f"{ESCALATED_WRONGLY:.0%}".replace("%", " %"),
            alarmed=f"{ALARMED_WRONGLY:.0%}".replace("%", " %"),
            found=f"{EMERGENCIES_FOUND:.0%}".replace("%", " %"),
        )
    ]
    lines += [f"# {why}\n{name}: {getattr(voting, name)}\n" for name, why in EXPLAINED.items()]
    lines.append(
        "# added to the learned score of a category when a rule names it, to choose the category\nrule_support:"
    )
    lines += [f"  {name}: {value}" for name, value in voting.rule_support.dict().items()]
    for heading, values in (
        ("# what speaks for danger (above 0) and against it (below 0)\ndanger_weights:", voting.danger_weights),
        ("# what speaks for an emergency, given a danger\nemergency_weights:", voting.emergency_weights),
        ("# how many curated dangers of a category are emergencies\nemergency_share:", voting.emergency_share),
        (
            "# rules sure of an emergency that are often wrong, with their share of false alarms on curated messages;\n"
            "# any other rule that is sure of an emergency is trusted far more\n"
            "shaky_rules:",
            voting.shaky_rules,
        ),
    ):
        lines += ["", heading, *(f"  {name}: {value}" for name, value in values.items())]
    return "\n".join(lines) + "\n"
