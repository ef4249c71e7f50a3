"""The vote is weighed on messages that no rule was mended for, and its thresholds keep the rates they stand for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.evaluation.voting import Heard, fit_voting, left_out_opinions, voting_file
from bot.safety.curated import CuratedMessage
from bot.safety.learned import GENERAL, Opinion
from bot.safety.verdict import Finding, Verdict
from bot.safety.vote import danger_features, likelihood, load_voting

CATEGORIES = ("dvt", "repeated-falls")


def opinion(danger: float, level: str | None) -> Opinion:
    emergency = danger if level == "emergency" else danger - 1
    any_level = 0.8 if level == "soon" else danger
    return Opinion(danger, any_level, emergency, (("dvt", danger / 2),), "-", ("-",))


def rule(level: str = "emergency") -> Verdict:
    finding = Finding("dvt", level, True, ("calf",), "a-rule")
    return Verdict("dvt", level, True, ("calf",), "a-rule", findings=(finding,))


def heard(chance: random.Random, level: str | None, kind: str, new: bool, spoke: float, mean: float) -> Heard:
    """One message: `spoke` is how often a rule is sure of an emergency, `mean` where the learned scores lie."""
    message = CuratedMessage(
        "text",
        category="dvt" if level else None,
        level=level,
        nearest="dvt" if kind == "look-alike" else None,
        new_to_rules=new,
    )
    rules = rule() if chance.random() < spoke else Verdict()
    return Heard(message, rules, opinion(chance.gauss(mean, 0.4), level))


def messages(new_to_rules: bool = True) -> list[Heard]:
    """Rules that are never wrong about what they were mended for, and seldom of use about what is new."""
    chance = random.Random(7)
    some: list[Heard] = []
    for _ in range(150):
        for level, mean in (("emergency", 0.6), ("urgent", 0.5), ("soon", -0.6)):
            some.append(heard(chance, level, "danger", False, 1.0, mean))
            some.append(heard(chance, level, "danger", new_to_rules, 0.3, mean))
        some.append(heard(chance, None, "look-alike", False, 0.0, -0.7))
        some.append(heard(chance, None, "look-alike", new_to_rules, 0.05, -0.7))
        some.append(heard(chance, None, "ordinary", False, 0.0, -1.0))
    return some


def test_rules_count_by_how_right_they_are_about_messages_nobody_mended_them_for() -> None:
    weights = fit_voting(messages()).danger_weights
    assert weights["sure_emergency_rule"] < weights["learned_danger"]
    assert weights["learned_danger"] > 1


def test_without_messages_that_are_new_to_the_rules_nothing_is_weighed() -> None:
    with pytest.raises(ValueError, match="new to the rules"):
        fit_voting(messages(new_to_rules=False))


def test_the_thresholds_keep_their_rates_and_their_order() -> None:
    some = messages()
    voting = fit_voting(some)
    look_alikes = [one for one in some if one.look_alike and one.message.new_to_rules]
    wrongly = [
        one
        for one in look_alikes
        if likelihood(voting.danger_weights, danger_features(one.rules, one.opinion)) >= voting.escalate_at
    ]
    assert len(wrongly) <= 0.02 * len(look_alikes)
    assert 0 < voting.ask_at <= voting.escalate_at < 1


def test_the_file_that_is_written_is_read_as_the_same_weights(tmp_path: Path) -> None:
    voting = fit_voting(messages())
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "voting.yml").write_text(voting_file(voting))
    assert load_voting(tmp_path) == voting


def test_scores_become_opinions_with_the_likeliest_category_first() -> None:
    import numpy as np

    scores = np.array([[0.5, 0.6, -0.2, 0.1, 0.7]], dtype=np.float32)
    assert scores.shape[1] == GENERAL + len(CATEGORIES)
    (found,) = left_out_opinions(CATEGORIES, scores)
    assert [slug for slug, _ in found.categories] == ["repeated-falls", "dvt"]
    assert (found.danger, found.any_level, found.emergency) == pytest.approx((0.5, 0.6, -0.2))
