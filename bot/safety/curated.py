"""The curated messages that the learned view learns from: dangers, look-alikes and ordinary messages.

They are content: knowledge/red_flags (the messages of every category, its examples and its "not this"), the questions
of knowledge/topics, and the examples of data/nlu. Held-out messages are never among them.

Some were written after the rules, and no rule was written or mended because of one of them (knowledge/red_flags/
calibration). Only they show how often the rules are right about messages that nobody tuned them to.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from pydantic import Field

from bot.understanding.tidy import tidy
from knowledge.files import ContentError, Problem, load_yaml, parse_model
from knowledge.models import Content, Slug, Text
from knowledge.red_flag_models import Level

MESSAGES_FOLDER = "messages"
CALIBRATION_FOLDER = "calibration"
MOST_ORDINARY = 6500
"""Ordinary messages learned from at most: more cost time and memory and add nothing measurable. Half of the short ones
are those nearest to dangers by their words, as 6500 chosen so tell as much as 9000 spread evenly."""

CHOICE = 2
"""Changes when the short ones are chosen otherwise: a view is then learned anew."""

LONG_WORDS = 14
"""From so many words on every ordinary message is learned from. Dangers are often told beside an ordinary question, and
without many such questions that nothing is told beside, the question itself would come to look like danger."""


_tidied = lru_cache(maxsize=None)(tidy)
"""Each message is looked at several times while they are chosen."""


class DangerMessage(Content):
    """A message that tells of a current danger, with the lowest level that is right."""

    text: Text
    level: Level


class LookAlike(Content):
    """A message that resembles a danger and is none."""

    text: Text
    kind: Text


class CategoryMessages(Content):
    """The curated messages of one category."""

    slug: Slug
    danger: list[DangerMessage] = Field(min_items=1)
    look_alikes: list[LookAlike] = Field(min_items=1)


@dataclass(frozen=True)
class CuratedMessage:
    """A message with its label. `category` and `level` are set for a danger; `nearest` is the danger that a
    look-alike resembles. An ordinary message has none of them. `new_to_rules`: no rule was mended because of it."""

    text: str
    category: str | None = None
    level: str | None = None
    nearest: str | None = None
    new_to_rules: bool = False


def content_files(knowledge: Path, nlu: Path) -> list[Path]:
    """Every file that holds curated messages, in a fixed order."""
    flags = knowledge / "red_flags"
    return [
        *sorted(flags.glob("*.yml")),
        *sorted((flags / MESSAGES_FOLDER).glob("*.yml")),
        *sorted((flags / CALIBRATION_FOLDER).glob("*.yml")),
        *sorted((knowledge / "topics").glob("*/*.yml")),
        *sorted(nlu.glob("*.yml")),
    ]


def fingerprint(files: Sequence[Path]) -> str:
    """A short fingerprint of the files' names and bytes."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def load_category_messages(folder: Path) -> dict[str, CategoryMessages]:
    """The messages of every category in `folder`, by slug.

    Raises ContentError with every problem found, each with file and line.
    """
    problems: list[Problem] = []
    found: dict[str, CategoryMessages] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            document = load_yaml(path)
            messages = parse_model(document, CategoryMessages)
        except ContentError as error:
            problems += error.problems
            continue
        if messages.slug != path.stem:
            problems.append(document.problem(f"slug: must be the file's name, '{path.stem}'", "slug"))
        found[messages.slug] = messages
    if not found and not problems:
        problems.append(Problem(folder, 1, "there are no messages here"))
    if problems:
        raise ContentError(problems)
    return found


def load_curated(knowledge: Path, nlu: Path) -> list[CuratedMessage]:
    """Every curated message once, dangers first; of ordinary ones MOST_ORDINARY at most.

    Raises ContentError naming file and line.
    """
    flags = knowledge / "red_flags"
    dangers: list[CuratedMessage] = []
    look_alikes: list[CuratedMessage] = []
    for folder in (MESSAGES_FOLDER, CALIBRATION_FOLDER):
        new = folder == CALIBRATION_FOLDER
        for slug, messages in load_category_messages(flags / folder).items():
            dangers += [CuratedMessage(one.text, slug, one.level.value, new_to_rules=new) for one in messages.danger]
            look_alikes += [CuratedMessage(one.text, nearest=slug, new_to_rules=new) for one in messages.look_alikes]
    for path in sorted(flags.glob("*.yml")):
        data = load_yaml(path).data
        dangers += [CuratedMessage(text, data["slug"], data["level"]) for text in data["example_messages"]]
        look_alikes += [CuratedMessage(entry["text"], nearest=data["slug"]) for entry in data["not_this"]]
    seen: set[str] = set()
    dangers, look_alikes = list(_new(dangers, seen)), list(_new(look_alikes, seen))
    ordinary = list(_new(map(CuratedMessage, _ordinary(knowledge / "topics", nlu)), seen))
    return [*dangers, *look_alikes, *_chosen(ordinary, dangers)]


def _chosen(ordinary: Sequence[CuratedMessage], dangers: Sequence[CuratedMessage]) -> list[CuratedMessage]:
    """MOST_ORDINARY at most: the long ones; of the others half in whose words dangers are told most, and half spread
    evenly over the rest."""
    long = [message for message in ordinary if len(message.text.split()) >= LONG_WORDS][:MOST_ORDINARY]
    short = [message for message in ordinary if len(message.text.split()) < LONG_WORDS]
    left = min(len(short), MOST_ORDINARY - len(long))
    like_danger = sorted(short, key=_danger_words(dangers, short), reverse=True)
    near, rest = like_danger[: left // 2], like_danger[left // 2 :]
    more = left - len(near)
    near += (rest[number * len(rest) // more] for number in range(more))
    chosen = {message.text for message in near}
    return [*long, *(message for message in short if message.text in chosen)]


def _danger_words(
    dangers: Sequence[CuratedMessage], ordinary: Sequence[CuratedMessage]
) -> Callable[[CuratedMessage], float]:
    """How much oftener the words of a message stand in dangers than in ordinary messages: the sum of the logarithms."""
    in_dangers, in_ordinary = (
        Counter(word for one in messages for word in _words(one)) for messages in (dangers, ordinary)
    )
    return lambda message: sum(log((in_dangers[word] + 1) / (in_ordinary[word] + 1)) for word in _words(message))


def _words(message: CuratedMessage) -> list[str]:
    return sorted(set(_tidied(message.text).split()))


def _ordinary(topics: Path, nlu: Path) -> Iterator[str]:
    for path in sorted(topics.glob("*/*.yml")):
        yield from load_yaml(path).data["questions"]
    for path in sorted(nlu.glob("*.yml")):
        for entry in load_yaml(path).data["nlu"]:
            for line in entry["examples"].splitlines():
                if line.strip():
                    yield line.strip().removeprefix("- ")


def _new(messages: Iterator[CuratedMessage] | list[CuratedMessage], seen: set[str]) -> Iterator[CuratedMessage]:
    for message in messages:
        key = _tidied(message.text)
        if key and key not in seen:
            seen.add(key)
            yield message
