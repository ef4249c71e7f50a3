"""What was published on the console, as it is laid over the content files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.staff.editing.files import plain_fields
from bot.staff.editing.history import History
from bot.staff.editing.items import Item, fingerprint_or_none
from bot.staff.editing.standing import counting
from knowledge.overlay import TopicEdit
from knowledge.topic_files import Library


def edits_over(library: Library, histories: Mapping[Item, History], now: float) -> Sequence[TopicEdit]:
    """The edits of topics that count over the files at `now`, the last published last."""
    counted = []
    for item, history in histories.items():
        if not item.is_topic:
            continue
        topic = library.topics.get(item.name)
        in_file = fingerprint_or_none(item, plain_fields(topic)) if topic else None
        version = counting(history, in_file, now)
        if version is not None:
            counted.append((version.publish_at, version.at, item.name, version.content))
    return [TopicEdit(slug, content) for _, _, slug, content in sorted(counted, key=lambda edit: edit[:3])]
