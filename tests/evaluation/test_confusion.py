"""Which answers are given in place of which."""

from __future__ import annotations

from bot.evaluation.confusion import Confusion, confusion_pairs


def test_the_pair_confused_most_often_comes_first_with_its_messages() -> None:
    mistakes = [
        ("stretching", "walking", "how long do I pull"),
        ("brace", "shoes", "it rubs"),
        ("brace", "shoes", "what fits in a boot"),
    ]
    assert confusion_pairs(mistakes) == [
        Confusion("brace", "shoes", ("it rubs", "what fits in a boot")),
        Confusion("stretching", "walking", ("how long do I pull",)),
    ]


def test_the_other_direction_is_another_pair() -> None:
    pairs = confusion_pairs([("shoes", "brace", "one"), ("brace", "shoes", "two")])
    assert [(pair.wanted, pair.given) for pair in pairs] == [("brace", "shoes"), ("shoes", "brace")]


def test_no_mistakes_no_pairs() -> None:
    assert confusion_pairs([]) == []
