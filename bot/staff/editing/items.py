"""What can be edited on the console, and what of it only a clinical reviewer may publish."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.staff.roles import Permission
from knowledge.models import Group, Topic
from knowledge.overlay import topic_fingerprint

TOPIC, FILE = "topic", "file"
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
LONGEST_SLUG = 60
WHOLE_FILES = ("triage.yml", "interview.yml", "regions.yml")
"""Files of the content folder that are edited as they stand, beside those of the warning signs."""
RED_FLAGS = "red_flags/"


@dataclass(frozen=True)
class Item:
    """A topic by its slug, or a file by its path in the content folder."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        """As it is kept, such as "topic:afo" or "file:red_flags/seizure.yml"."""
        return f"{self.kind}:{self.name}"

    @property
    def is_topic(self) -> bool:
        """Whether it is a topic."""
        return self.kind == TOPIC


def topic_item(slug: str) -> Item:
    """A topic. Raises ValueError for what cannot be a slug."""
    if not SLUG.match(slug) or len(slug) > LONGEST_SLUG:
        raise ValueError(f"a topic's name in addresses has small letters, digits and hyphens: not '{slug}'")
    return Item(TOPIC, slug)


def file_item(path: str) -> Item:
    """A file that can be edited as a whole. Raises ValueError for any other."""
    name = path.removeprefix(RED_FLAGS).removesuffix(".yml")
    if (path not in WHOLE_FILES and path != f"{RED_FLAGS}{name}.yml") or "/" in name or not SLUG.match(name):
        raise ValueError(f"'{path}' is not edited here")
    return Item(FILE, path)


def item_of(key: str) -> Item:
    """The item with a key. Raises ValueError."""
    kind, _, name = key.partition(":")
    if kind == TOPIC:
        return topic_item(name)
    if kind == FILE:
        return file_item(name)
    raise ValueError(f"'{key}' is nothing that is edited here")


def reviewed_with(item: Item, *contents: Mapping[str, Any] | None) -> Permission:
    """What publishing needs: red flags, triage, numbers to call, and topics of the shelf "safety" need a clinician.

    `contents` are what is in force and what would be: a topic cannot leave the shelf to get around this.
    """
    if not item.is_topic or any((content or {}).get("group") == Group.SAFETY.value for content in contents):
        return Permission.REVIEW_CLINICAL
    return Permission.REVIEW


def fingerprint(item: Item, content: Mapping[str, Any]) -> str:
    """Equal content, equal fingerprint: of a topic its fields, of a file its bytes.

    Raises pydantic.ValidationError for fields that are no topic.
    """
    if item.is_topic:
        return topic_fingerprint(Topic.parse_obj(dict(content)))
    return hashlib.sha256(str(content.get("text", "")).encode()).hexdigest()[:16]


def fingerprint_or_none(item: Item, content: Mapping[str, Any]) -> str | None:
    """The same; None for a draft that is no topic yet."""
    try:
        return fingerprint(item, content)
    except ValidationError:
        return None
