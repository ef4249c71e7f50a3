"""Write a topic back to its file so that a reviewer sees only what changed: all other lines stay as they are."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge.files import load_text
from knowledge.models import Topic
from knowledge.overlay import topic_fingerprint
from knowledge.topic_words import paragraphs

ORDER = ("slug", "title", "group", "short", "simple", "answer", "steps", "cautions", "questions", "related", "sources",
         "reviewed", "status")  # fmt: skip
WIDTH = 118
_PLAIN = re.compile(r"^[a-z][a-z0-9-]*$")
"""What needs no quotes."""


class NotWritable(Exception):
    """A topic that cannot be written so that reading it gives the same again."""


def topic_text(topic: Topic, before: str | None = None) -> str:
    """The file of a topic. With the text of the file `before`, only what differs is written anew; comments stay.

    Raises NotWritable when the file would not say what the topic says.
    """
    fields: Mapping[str, Any] = json.loads(topic.json())
    for text in (_rewritten(fields, before) if before is not None else None, _written(fields)):
        if text is not None and _says(text, topic):
            return text
    raise NotWritable(f"the topic '{topic.slug}' cannot be written as a file")


def _says(text: str, topic: Topic) -> bool:
    document = load_text(Path(f"{topic.slug}.yml"), text)
    return topic_fingerprint(Topic.parse_obj(document.data)) == topic_fingerprint(topic)


def _written(fields: Mapping[str, Any]) -> str:
    return "".join(_block(name, fields[name], None) for name in ORDER if fields.get(name) not in (None, []))


def _rewritten(fields: Mapping[str, Any], before: str) -> str | None:
    """`before` with the blocks of changed fields replaced; None when it is not built of blocks."""
    root = yaml.compose(before, Loader=yaml.CSafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    lines = before.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    said = yaml.load(before, Loader=yaml.CSafeLoader)
    starts = [key.start_mark.line for key, _ in root.value] + [len(lines)]
    done: list[str] = lines[: starts[0]]
    kept = [key.value for key, _ in root.value]
    for place, (key, value) in enumerate(root.value):
        own = lines[starts[place] : starts[place + 1]]
        count = len(own)
        while count > 1 and (not own[count - 1].strip() or own[count - 1].startswith("#")):
            count -= 1  # what stands between two fields belongs to neither
        new = fields.get(key.value)
        if _same(key.value, said[key.value], new):
            done += own
        elif new not in (None, []):
            done += [_block(key.value, new, (value, own[:count], starts[place])), *own[count:]]
        else:
            done += own[count:]
        after = ORDER[ORDER.index(key.value) + 1 :] if key.value in ORDER else ()
        for name in after:
            if name in kept:
                break
            if fields.get(name) not in (None, []):
                done.append(_block(name, fields[name], None))
                kept.append(name)
    return "".join(done)


def _same(name: str, said: Any, new: Any) -> bool:
    if name == "answer":
        return paragraphs(str(said)) == paragraphs(str(new))
    return bool(json.loads(json.dumps(said, default=str)) == new)


_Before = tuple[yaml.Node, Sequence[str], int]
"""The value of a field as it stood, its lines, and the number of the first of them in the file."""


def _block(name: str, value: Any, before: _Before | None) -> str:
    writer: Callable[[Any, _Before | None], str] = _WRITERS.get(name, lambda text, _: f" {_scalar(text)}\n")
    return f"{name}:{writer(value, before)}"


def _folded(value: Any, before: _Before | None) -> str:
    return f" >-\n{_wrapped(' '.join(str(value).split()))}"


def _literal(value: Any, before: _Before | None) -> str:
    """Paragraphs; one that did not change keeps its lines."""
    kept: dict[str, str] = {}
    if before is not None:
        for part in "".join(before[1][1:]).split("\n\n"):
            kept[" ".join(part.split())] = f"{part.rstrip()}\n"
    return " |-\n" + "\n".join(kept.get(part) or _wrapped(part) for part in paragraphs(str(value)))


def _entries(value: Any, before: _Before | None) -> str:
    """A list, one entry a line; an entry that did not change keeps its lines."""
    kept: dict[str, str] = {}
    if before is not None and isinstance(before[0], yaml.SequenceNode) and not before[0].flow_style:
        node, lines, first = before
        # the mark of an entry stands behind its dash, on the same line
        starts = [entry.start_mark.line - first for entry in node.value] + [len(lines)]
        for place, entry in enumerate(node.value):
            kept.setdefault(str(entry.value), "".join(lines[starts[place] : starts[place + 1]]))
    return "\n" + "".join(kept.get(entry) or f"  - {json.dumps(entry, ensure_ascii=False)}\n" for entry in value)


def _flow(value: Any, before: _Before | None) -> str:
    return f" [{', '.join(_scalar(entry) for entry in value)}]\n"


def _review(value: Any, before: _Before | None) -> str:
    by = json.dumps(value["by"], ensure_ascii=False)
    return f" {{date: {value['date']}, by: {by}, due: {value['due']}}}\n"


def _title(value: Any, before: _Before | None) -> str:
    return f" {json.dumps(value, ensure_ascii=False)}\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    ) + "\n"  # fmt: skip


def _scalar(value: Any) -> str:
    return str(value) if _PLAIN.match(str(value)) else json.dumps(value, ensure_ascii=False)


_WRITERS: Mapping[str, Callable[[Any, _Before | None], str]] = {
    "title": _title,
    "short": _folded,
    "simple": _folded,
    "answer": _literal,
    "steps": _entries,
    "cautions": _entries,
    "questions": _entries,
    "related": _flow,
    "sources": _flow,
    "reviewed": _review,
}
