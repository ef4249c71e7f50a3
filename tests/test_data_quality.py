"""The training data and the content do not contradict each other, and everything named exists."""

from __future__ import annotations

import importlib
import inspect
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rasa_sdk import Action

from bot.settings import ROOT
from bot.understanding.thresholds import load_thresholds
from knowledge.files import load_yaml
from tests.data import domain, nlu_examples, rules, topics, wording

WITHOUT_EXAMPLES = {"red_flag", "not_placed"}
"""Intents that are found by other means: by the safety screen, or by finding nothing."""


def implemented_actions() -> dict[str, str]:
    """The module of every action in actions/, by the action's name."""
    found: dict[str, str] = {}
    for path in sorted(Path(ROOT / "actions").glob("*.py")):
        if path.stem == "__init__":
            continue
        module = importlib.import_module(f"actions.{path.stem}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Action) and kind.__module__ == module.__name__ and not inspect.isabstract(kind):
                found[kind().name()] = path.stem
    return found


def test_no_example_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for intent, examples in nlu_examples().items():
        for example in examples:
            intents[wording(example)].add(intent)
    assert {words: sorted(names) for words, names in intents.items() if len(names) > 1} == {}


def test_no_example_stands_twice_under_an_intent() -> None:
    doubled = {
        intent: [words for words, times in Counter(map(wording, examples)).items() if times > 1]
        for intent, examples in nlu_examples().items()
    }
    assert {intent: words for intent, words in doubled.items() if words} == {}


def test_no_example_of_an_intent_is_a_question_or_a_title_of_a_topic() -> None:
    asked = {wording(text): slug for slug, topic in topics().items() for text in [topic["title"], *topic["questions"]]}
    clashes = [
        (intent, example, asked[wording(example)])
        for intent, examples in nlu_examples().items()
        if intent not in ("ask_question", "report_problem")
        for example in examples
        if wording(example) in asked
    ]
    assert clashes == []


def test_examples_of_asking_and_reporting_are_not_copied_from_topics() -> None:
    asked = {wording(text): slug for slug, topic in topics().items() for text in topic["questions"]}
    copied = [
        (intent, example, asked[wording(example)])
        for intent in ("ask_question", "report_problem")
        for example in nlu_examples()[intent]
        if wording(example) in asked
    ]
    assert copied == []


def test_examples_and_domain_name_the_same_intents() -> None:
    assert set(nlu_examples()) == set(domain()["intents"]) - WITHOUT_EXAMPLES


def test_every_intent_has_enough_examples_to_be_told_apart() -> None:
    assert {intent: len(texts) for intent, texts in nlu_examples().items() if len(texts) < 12} == {}


def test_every_intent_leads_somewhere() -> None:
    assert set(domain()["intents"]) - {rule.intent for rule in rules()} == set()


def test_every_rule_starts_from_an_intent_of_the_domain() -> None:
    assert {rule.intent for rule in rules() if rule.intent} - set(domain()["intents"]) == set()


def test_every_action_of_a_rule_stands_in_the_domain() -> None:
    known = {*domain()["actions"], "triage_interview"}
    assert {(rule.name, action) for rule in rules() for action in rule.actions if action not in known} == set()


def test_every_action_of_the_domain_is_implemented() -> None:
    assert sorted(set(domain()["actions"]) - set(implemented_actions())) == []


def test_every_implemented_action_can_be_reached_through_the_domain() -> None:
    bases = {"action_tell_last_topic"}  # the base of the depth actions, never said by itself
    assert sorted(set(implemented_actions()) - set(domain()["actions"]) - bases) == []


@pytest.mark.parametrize("part", ["intents", "actions", "forms"])
def test_nothing_stands_in_the_domain_twice(part: str) -> None:
    assert [name for name, times in Counter(domain()[part]).items() if times > 1] == []


def test_data_and_domain_have_the_same_file_names() -> None:
    intents_of = {path.name: set(load_yaml(path).data.get("intents") or []) for path in (ROOT / "domain").glob("*.yml")}
    stray = []
    for tree in ("nlu", "stories"):
        for path in (ROOT / "data" / tree).glob("*.yml"):
            data = load_yaml(path).data
            named = {entry["intent"] for entry in data.get("nlu", [])}
            named |= {step["intent"] for rule in data.get("rules", []) for step in rule["steps"] if "intent" in step}
            stray += [(tree, path.name, intent) for intent in sorted(named - intents_of.get(path.name, set()))]
    assert stray == []


def test_words_that_are_answered_with_choices_offer_topics_of_the_library() -> None:
    rules = load_thresholds(ROOT / "knowledge" / "understanding.yml")
    offered = rules.bare.choices
    assert [word for word in offered if rules.bare.topics(f"My {word.upper()}!") != offered[word]] == []
    assert {slug for slugs in offered.values() for slug in slugs} - set(topics()) == set()
    assert {len(slugs) for slugs in offered.values()} == {rules.most_offers}
    assert rules.bare.topics("my foot bounces") == []


def test_general_topics_are_topics_of_the_library() -> None:
    rules = load_thresholds(ROOT / "knowledge" / "understanding.yml")
    assert set(rules.follow_up.general) - set(topics()) == set()
