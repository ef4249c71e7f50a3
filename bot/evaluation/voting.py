"""Fit the vote of the safety screen's two views on curated messages, each scored as if it had not been learned from.

Only messages that are new to the rules count, and ordinary ones: about those that a rule was mended for, the rules
are right too often to show how far they can be trusted.
"""

from __future__ import annotations

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
    certain,
    chosen_category,
    danger_features,
    emergency_features,
    likelihood,
    plainly_named,
    soon_features,
)
from bot.understanding.plain_text import plain_text
from bot.understanding.vector_cache import VectorCache

LOOK_ALIKES_ESCALATED, ORDINARY_ESCALATED = 0.025, 0.022
"""Shares of look-alikes and of ordinary messages that may be escalated. The ordinary ones learned from are the long
ones and those nearest to dangers: of what people write, less than half as many are (docs/safety.md)."""
LOOK_ALIKES_ALARMED, ORDINARY_ALARMED = 0.13, 0.09
"""The same for messages that are escalated or met with the check question."""
SOON_WRONGLY = 0.006
"""The same, of both, for a level of "soon"."""
SOON_TOO_LOW = 0.001
"""Share of dangers that are urgent or worse, raised by the vote, that may be given the level "soon"."""
EMERGENCIES_FOUND = 0.995
"""Share of emergencies, among dangers, that must be named an emergency."""
ORDINARY_WEIGHT = 0.1
"""Weight of an ordinary message against a danger or look-alike: there are more of them and they are easier."""
KEEP_AT = 0.05
"""A danger that a rule plainly names is asked about from this chance on."""
CLEAR_FROM = 0.2
"""Least score of a category that only the learned view names. Of the new curated dangers with less, scored as if not
learned from, one in seven was of the likeliest category; of those with up to 0.05 more, nine of 13."""
TOGETHER_AT, TOGETHER_ALONE_AT = 0.9, 0.15
"""Least chances of danger, of what was told before with a message and of the message, from which likeness alone makes
one of both. Chosen on tests/development/told_before.jsonl: harmless messages seldom reach 0.1 by themselves."""
TOGETHER_BY_RULE_AT, TOGETHER_BY_RULE_ALONE_AT = 0.85, 0.1
"""The same where a rule sees more in both: one of them is enough. There all dangers reach one, and "my plants are
itchy", said by a person with a pump, neither."""
RULE_SUPPORT = RuleSupport(sure=0.2, doubted=0.1)
ORDINARY_BELOW = -0.5


@dataclass(frozen=True)
class Heard:
    """A curated message with what the rules say and what the learned view says when it was not among its examples."""

    message: CuratedMessage
    rules: Verdict
    opinion: Opinion

    @property
    def danger(self) -> bool:
        """Whether it tells of a danger that is urgent or worse."""
        return self.rank >= level_rank("urgent")

    @property
    def look_alike(self) -> bool:
        """Whether it resembles a danger and is none."""
        return self.message.nearest is not None

    @property
    def ordinary(self) -> bool:
        """Whether it is neither a danger nor like one."""
        return self.message.category is None and not self.look_alike

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


def fit_voting(heard: Sequence[Heard]) -> Voting:
    """Weights and thresholds by the rates above.

    Raises ValueError when no danger or no look-alike is new to the rules.
    """
    judged = [one for one in heard if one.ordinary or one.message.new_to_rules]
    dangers = [one for one in judged if one.danger]
    look_alikes, ordinary = [one for one in judged if one.look_alike], [one for one in judged if one.ordinary]
    if not dangers or not look_alikes:
        raise ValueError("there are no messages that are new to the rules to weigh the views on")
    weighed = [*dangers, *look_alikes, *ordinary]
    danger_weights = _logistic(
        [danger_features(one.rules, one.opinion) for one in weighed],
        [one.danger for one in weighed],
        [ORDINARY_WEIGHT if one.ordinary else 1.0 for one in weighed],
    )
    share = _share(heard, level_rank("emergency"), level_rank("urgent"))
    features = [
        emergency_features(one.rules, one.opinion, share[chosen_category(one.rules, one.opinion, RULE_SUPPORT)])
        for one in dangers
    ]
    emergencies = [one.rank == level_rank("emergency") for one in dangers]
    emergency_weights = _logistic(features, emergencies, [1.0] * len(dangers))
    named = [likelihood(emergency_weights, row) for row, wanted in zip(features, emergencies, strict=True) if wanted]
    chance = {id(one): likelihood(danger_weights, danger_features(one.rules, one.opinion)) for one in heard}

    def wrongly(alarmed: Callable[[Heard], bool], of_look_alikes: float, of_ordinary: float) -> bool:
        return any(
            sum(map(alarmed, group)) > most * len(group)
            for group, most in ((look_alikes, of_look_alikes), (ordinary, of_ordinary))
        )

    escalate_at = _lowest(
        lambda limit: not wrongly(
            lambda one: chance[id(one)] >= limit, LOOK_ALIKES_ESCALATED, ORDINARY_ESCALATED
        ), 0.3, 0.95,
    )  # fmt: skip

    def kept(one: Heard) -> bool:
        return plainly_named(one.rules) and chance[id(one)] >= KEEP_AT

    ask_at = _lowest(
        lambda limit: not wrongly(
            lambda one: chance[id(one)] >= limit or certain(one.rules) or kept(one),
            LOOK_ALIKES_ALARMED, ORDINARY_ALARMED,
        ), 0.05, escalate_at,
    )  # fmt: skip
    soon_at = _lowest(
        lambda limit: not wrongly(
            lambda one: chance[id(one)] < ask_at and one.opinion.any_level >= limit, SOON_WRONGLY, SOON_WRONGLY
        ), -0.9, 0.9,
    )  # fmt: skip
    soon_share = _share(heard, level_rank("soon"), level_rank("soon"))
    told = [one for one in heard if one.rank >= level_rank("soon")]
    waiting_features = [
        soon_features(one.rules, one.opinion, soon_share[chosen_category(one.rules, one.opinion, RULE_SUPPORT)])
        for one in told
    ]
    soon_weights = _logistic(waiting_features, [not one.danger for one in told], [1.0] * len(told))
    raised = [
        likelihood(soon_weights, row)
        for one, row in zip(told, waiting_features, strict=True)
        if one.danger and chance[id(one)] >= ask_at and not (one.rules.sure and one.rules.level != "soon")
    ]
    pressing = sum(one.danger for one in told)
    soon_from = _lowest(lambda limit: sum(chance >= limit for chance in raised) <= SOON_TOO_LOW * pressing, 0.3, 0.95)
    return Voting(
        escalate_at=escalate_at,
        ask_at=ask_at,
        keep_at=min(KEEP_AT, ask_at),
        clear_from=CLEAR_FROM,
        together_at=TOGETHER_AT,
        together_alone_at=TOGETHER_ALONE_AT,
        together_by_rule_at=TOGETHER_BY_RULE_AT,
        together_by_rule_alone_at=TOGETHER_BY_RULE_ALONE_AT,
        ordinary_below=ORDINARY_BELOW,
        emergency_at=round(float(np.quantile(named, 1 - EMERGENCIES_FOUND)), 2),
        soon_at=soon_at,
        rule_support=RULE_SUPPORT,
        danger_weights=danger_weights,
        emergency_weights=emergency_weights,
        emergency_share=share,
        soon_from=soon_from,
        soon_weights=soon_weights,
        soon_share=soon_share,
    )


def _lowest(good: Callable[[float], bool], low: float, high: float) -> float:
    """The lowest threshold, in steps of 0.01, that is `good`; `high` if there is none."""
    steps = (round(low + step / 100, 2) for step in range(round((high - low) * 100) + 1))
    return next((limit for limit in steps if good(limit)), high)


def _logistic(
    features: Sequence[Mapping[str, float]], wanted: Sequence[bool], weights: Sequence[float]
) -> dict[str, float]:
    """The weights of a logistic model, rounded so that they can be read."""
    names = [name for name in features[0] if name != "constant"]
    rows = np.array([[row[name] for name in names] for row in features])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows, np.array(wanted), sample_weight=np.array(weights))
    fitted = dict(zip(names, (round(float(value), 2) for value in model.coef_[0]), strict=True))
    return {"constant": round(float(model.intercept_[0]), 2), **fitted}


def _share(heard: Sequence[Heard], wanted: int, among: int) -> dict[str, float]:
    """How many of each category's dangers of rank `among` or above have the rank `wanted`, 0 to 1."""
    ranks: dict[str, list[int]] = {}
    for one in heard:
        if one.message.category is not None:
            ranks.setdefault(one.message.category, [])
            if one.rank >= among:
                ranks[one.message.category].append(one.rank)
    return {slug: round((ones.count(wanted) + 1) / (len(ones) + 2), 2) for slug, ones in sorted(ranks.items())}


EXPLAINED = {
    "escalate_at": "danger at least this likely: escalate at once",
    "ask_at": "less likely, but at least this, or a rule is sure of an emergency: ask the one check question",
    "keep_at": "a rule is sure of a same-day danger, or in doubt about an emergency that nothing speaks against, "
    "and danger is at least this likely: ask, too",
    "clear_from": "no rule speaks of danger and the learned score of no category is at least this: ask, too, as it is "
    "not clear what to advise",
    "together_at": "no rule sees more in a message with what was told before, but danger in both is at least this "
    "likely",
    "together_alone_at": "and danger in the message alone at least this likely: both together count",
    "together_by_rule_at": "a rule sees more in both, and danger in both is at least this likely: they count",
    "together_by_rule_alone_at": "or danger in the message alone is at least this likely",
    "ordinary_below": "a part of a message whose learned scores, for danger and for any level, are below this may be "
    "left out of a second reading",
    "emergency_at": "an emergency at least this likely, given a danger: the level is emergency, otherwise urgent",
    "soon_from": 'a danger that can wait some days at least this likely, and no rule surely against it: level "soon"',
    "soon_at": 'no danger, but the learned score for any level is at least this: level "soon", which never interrupts',
}

HEADING = """\
# How the rules and the learned view vote on a message (bot/safety/vote.py).
# Likelihoods are from 0 to 1. Fitted by `clonus evaluate voting --write` on the messages of calibration/, which no rule
# was mended for, and on ordinary ones, each scored as if it had not been learned from; held-out messages play no part.
# The thresholds follow from rates:
# - escalated: at most {escalated} of look-alikes and {ordinary} of ordinary messages
# - alarmed at all: at most {alarmed} of look-alikes and {ordinary_alarmed} of ordinary messages
# - named an emergency: at least {found} of emergencies
"""


def voting_file(voting: Voting) -> str:
    """The text of shared/voting.yml."""
    rates = {
        "escalated": LOOK_ALIKES_ESCALATED, "ordinary": ORDINARY_ESCALATED,
        "alarmed": LOOK_ALIKES_ALARMED, "ordinary_alarmed": ORDINARY_ALARMED,
        "found": EMERGENCIES_FOUND,
    }  # fmt: skip
    lines = [HEADING.format(**{name: f"{100 * rate:g} %" for name, rate in rates.items()})]
    lines += [f"# {why}\n{name}: {getattr(voting, name)}\n" for name, why in EXPLAINED.items()]
    lines.append(
        "# added to the learned score of a category when a rule names it, to choose the category\nrule_support:"
    )
    lines += [f"  {name}: {value}" for name, value in voting.rule_support.dict().items()]
    for heading, values in (
        ("# what speaks for danger (above 0) and against it (below 0)\ndanger_weights:", voting.danger_weights),
        ("# what speaks for an emergency, given a danger\nemergency_weights:", voting.emergency_weights),
        ("# how many curated dangers of a category are emergencies\nemergency_share:", voting.emergency_share),
        ("# what speaks for a danger that can wait some days\nsoon_weights:", voting.soon_weights),
        ("# how many curated dangers of a category can wait some days\nsoon_share:", voting.soon_share),
    ):
        lines += ["", heading, *(f"  {name}: {value}" for name, value in values.items())]
    return "\n".join(lines) + "\n"
