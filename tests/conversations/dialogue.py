"""Dialogues as YAML: what a person says, and what every reply must be.

    - dialogue: A person asks for more
      turns:
        - say: why does my foot bounce
          replies:
            - {kind: answer, topic: foot-bounce, says: heel}

Every reply of a turn is listed, in order. `says` is a part of the text (or several), `never_says` must not be in
it, `buttons` must be among the buttons; every other key is compared with the reply's metadata.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Dialogue:
    """One dialogue of a file."""

    file: str
    name: str
    turns: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


def all_dialogues() -> list[Dialogue]:
    """Every dialogue in this folder, in order."""
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(Dialogue(path.stem, entry["dialogue"], tuple(entry["turns"])))
    return found


async def hold(companion: Companion, dialogue: Dialogue) -> list[str]:
    """Hold the dialogue; what differed from it, empty when nothing did."""
    conversation = uuid.uuid4().hex
    problems: list[str] = []
    for turn in dialogue.turns:
        replies = await companion.say(conversation, str(turn["say"]))
        expected = turn["replies"]
        if len(replies) != len(expected):
            kinds = [reply["metadata"].get("kind") for reply in replies]
            problems.append(f"'{turn['say']}': {len(expected)} replies expected, got {kinds}")
        for wanted, reply in zip(expected, replies, strict=False):
            problems.extend(f"'{turn['say']}': {problem}" for problem in differences(wanted, reply))
    return problems


def differences(wanted: dict[str, Any], reply: Message) -> list[str]:
    """How one reply differs from what is wanted."""
    found = []
    text = " ".join(reply["text"].split())
    titles = [button["title"] for button in reply.get("buttons", [])]
    for key, value in wanted.items():
        parts = value if isinstance(value, list) else [value]
        if key == "says":
            found += [f"does not say '{part}': {text}" for part in parts if str(part) not in text]
        elif key == "never_says":
            found += [f"says '{part}': {text}" for part in parts if str(part) in text]
        elif key == "buttons":
            found += [f"has no button '{part}': {titles}" for part in parts if part not in titles]
        elif reply["metadata"].get(key) != value:
            found.append(f"{key} is {reply['metadata'].get(key)!r}, wanted {value!r}: {text[:150]}")
    return found
