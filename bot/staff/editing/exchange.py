"""Write what was published to the content files, and take in what changed there. A clash is told, not written over."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.staff.editing import rules, store
from bot.staff.editing.desk import ContentDesk, Seen
from bot.staff.editing.difference import Changed, difference
from bot.staff.editing.history import Event, Kind, Version
from bot.staff.editing.items import Item
from bot.staff.editing.standing import Standing
from bot.staff.editing.whole_files import file_mistakes
from knowledge.files import ContentError
from knowledge.models import Topic
from knowledge.topic_files import load_library
from knowledge.topic_writing import topic_text


class Result(str, Enum):
    """What became of one item."""

    WRITTEN = "written"
    SAME = "same"
    TAKEN = "taken"
    KEPT = "kept"
    AHEAD = "ahead"
    MOVED_ON = "moved-on"
    CLASH = "clash"
    LEFT_OUT = "left-out"


@dataclass(frozen=True)
class Told:
    """What became of an item, and of a clash what its two sides say differently."""

    item: Item
    result: Result
    path: Path
    changes: tuple[Changed, ...] = ()
    reasons: tuple[str, ...] = ()


def export(desk: ContentDesk, connection: Connection, at: float, *, write: bool = True) -> list[Told]:
    """Write every published version that the files do not hold yet. With `write` False, say only what would be done.

    Nothing is written unless all files together can be read afterward: else ContentError is raised, with the reasons.
    """
    folder = desk.files.folder
    told: list[Told] = []
    writing: dict[Path, str | None] = {}
    events: list[tuple[Item, Event]] = []
    left_out = {edit.slug: edit.reasons for edit in desk.library(connection, at)[1]}
    for item, seen in desk.see_all(connection, at).items():
        path, version = path_of(folder, seen), seen.history.in_force(at)
        if version is None:
            continue
        if seen.standing is Standing.CLASH:
            told.append(Told(item, Result.CLASH, path, difference(seen.in_file, version.content)))
            continue
        if seen.standing is Standing.FILE_MOVED_ON:
            told.append(Told(item, Result.MOVED_ON, path))
            continue
        wrong = _reasons(desk, item, version, left_out)
        if wrong:
            told.append(Told(item, Result.LEFT_OUT, path, reasons=wrong))
            continue
        if seen.standing is Standing.AHEAD:
            new_path = path_for(folder, item, version.content)
            writing[new_path] = _text(item, version, path if path.is_file() else None)
            if path != new_path and path.is_file():
                writing[path] = None
            told.append(Told(item, Result.WRITTEN, new_path, difference(seen.in_file, version.content)))
        else:
            told.append(Told(item, Result.SAME, path))
        if version.fingerprint not in seen.history.exported:
            events.append((item, rules.exported(seen.history, store.COMMAND_LINE, seen.now, version)))
    if write:
        _try(folder, writing)
        _write(writing)
        for item, event in events:
            store.append(connection, item, [event])
    return told


def take_in(
    desk: ContentDesk,
    connection: Connection,
    at: float,
    keep_file: Collection[Item] = (),
    keep_console: Collection[Item] = (),
) -> list[Told]:
    """Make what the files say the version in force where they moved on after an export.

    A clash stays as it is unless its item is named in `keep_file` or `keep_console`.
    """
    told: list[Told] = []
    for item, seen in desk.see_all(connection, at).items():
        path, version = path_of(desk.files.folder, seen), seen.history.in_force(at)
        if version is None:
            continue
        changes = difference(version.content, seen.in_file)
        if seen.standing is Standing.SAME:
            told.append(Told(item, Result.SAME, path))
        elif seen.standing is Standing.AHEAD:
            told.append(Told(item, Result.AHEAD, path))
        elif seen.in_file is not None and (seen.standing is Standing.FILE_MOVED_ON or item in keep_file):
            event = rules.taken_from_file(seen.history, store.COMMAND_LINE, seen.now, seen.in_file)
            store.append(connection, item, [event])
            told.append(Told(item, Result.TAKEN, path, changes))
        elif item in keep_console:
            event = Event(
                seen.history.next_number, Kind.KEPT_OVER_FILE, store.COMMAND_LINE, at, base=seen.now.base,
                file=seen.now.file,
            )  # fmt: skip
            store.append(connection, item, [event])
            told.append(Told(item, Result.KEPT, path, changes))
        else:
            told.append(Told(item, Result.CLASH, path, changes))
    return told


def path_for(folder: Path, item: Item, content: Any) -> Path:
    """Where the file of an item with this content belongs."""
    if item.is_topic:
        return folder / "topics" / str(content["group"]) / f"{item.name}.yml"
    return folder / item.name


def path_of(folder: Path, seen: Seen) -> Path:
    """Where the file of an item is, or will be."""
    version = seen.history.in_force(seen.now.at)
    return path_for(folder, seen.item, seen.in_file or (version.content if version else {"group": "about"}))


def _reasons(desk: ContentDesk, item: Item, version: Version, left_out: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if item.is_topic:
        return left_out.get(item.name, ())
    return tuple(file_mistakes(desk.files.folder, item.name, str(version.content.get("text", ""))))


def _text(item: Item, version: Version, before: Path | None) -> str:
    if not item.is_topic:
        return str(version.content["text"])
    topic = Topic.parse_obj(dict(version.content))
    return topic_text(topic, before.read_text(encoding="utf-8") if before else None)


def _try(folder: Path, writing: dict[Path, str | None]) -> None:
    """Read all topics as they would be. Raises ContentError, with the mistakes named by their real files."""
    if not writing:
        return
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "content"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        _write({copy / path.relative_to(folder): text for path, text in writing.items()})
        try:
            load_library(copy)
        except ContentError as error:
            raise ContentError([
                type(problem)(folder / problem.path.relative_to(copy), problem.line, problem.message)
                for problem in error.problems
            ]) from error  # fmt: skip


def _write(writing: dict[Path, str | None]) -> None:
    """Each file whole or not at all; those to be gone last."""
    for path, text in writing.items():
        if text is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f".{path.name}.unfinished")
            unfinished.write_text(text, encoding="utf-8")
            os.replace(unfinished, path)
    for path, text in writing.items():
        if text is None:
            path.unlink(missing_ok=True)


def with_result(told: Iterable[Told], *results: Result) -> Sequence[Told]:
    """Those with one of these results."""
    return [each for each in told if each.result in results]
