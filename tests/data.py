"""The training files as tests read them: topics, examples by intent, and rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.settings import ROOT
from bot.understanding.tidy import same_words, tidy
from knowledge.files import load_yaml


@dataclass(frozen=True)
class Rule:
    """One rule of data/stories: the intent it starts with, if any, and what is done."""

    name: str
    intent: str | None
    actions: tuple[str, ...]


def wording(text: str) -> str:
    """What two messages share when they are the same: their words, or their signs where there are no words."""
    return same_words(text) or tidy(text)


@lru_cache(maxsize=1)
def topics() -> dict[str, dict[str, Any]]:
    """The fields of every topic file, by slug."""
    files = [load_yaml(path).data for path in sorted((ROOT / "knowledge" / "topics").rglob("*.yml"))]
    return {fields["slug"]: fields for fields in files}


@lru_cache(maxsize=1)
def nlu_examples() -> dict[str, list[str]]:
    """Every example of data/nlu by intent."""
    examples: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in load_yaml(path).data["nlu"]:
            lines = [line.strip() for line in entry["examples"].splitlines() if line.strip()]
            assert all(line.startswith("- ") for line in lines), (path, entry["intent"])
            examples.setdefault(entry["intent"], []).extend(line[2:].strip() for line in lines)
    return examples


@lru_cache(maxsize=1)
def domain() -> dict[str, list[str]]:
    """The intents, actions and forms of all domain files together."""
    found: dict[str, list[str]] = {"intents": [], "actions": [], "forms": []}
    for path in sorted((ROOT / "domain").rglob("*.yml")):
        data = load_yaml(path).data
        for key, names in found.items():
            names.extend(data.get(key) or [])
    return found


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule of data/stories."""
    found: list[Rule] = []
    for path in sorted((ROOT / "data" / "stories").rglob("*.yml")):
        for entry in load_yaml(path).data.get("rules", []):
            steps: list[dict[str, Any]] = entry["steps"]
            intents = [step["intent"] for step in steps if "intent" in step]
            actions = tuple(step["action"] for step in steps if "action" in step)
            found.append(Rule(entry["rule"], intents[0] if intents else None, actions))
    return tuple(found)
