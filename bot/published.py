"""What was published on the staff console, for everything that builds the library or reads the content files.

Without a staff database there is nothing published, and all is as the files say.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.settings import Settings
from knowledge.build import Built, build_library, library_version
from knowledge.files import ContentError
from knowledge.library import LibraryMissing, LibraryReader
from knowledge.overlay import Overlay, TopicEdit
from knowledge.topic_files import Library

if TYPE_CHECKING:
    from bot.staff.editing.history import History
    from bot.staff.editing.items import Item

logger = logging.getLogger(__name__)

PREFIX = "content-"
KEPT_SECONDS = 24 * 3600.0
"""How long a folder of published files is kept after a newer one was made: a process may be reading it."""


class EditsAway(Exception):
    """The staff database is there and cannot be read."""


def published_edits(here: Settings) -> Overlay | None:
    """The edits of topics that count over the files now; None without a staff database. Raises EditsAway."""
    histories = _histories(here)
    if histories is None:
        return None

    def overlay(library: Library) -> list[TopicEdit]:
        from bot.staff.editing.published import edits_over

        return list(edits_over(library, histories, time.time()))

    return overlay


def build_published(here: Settings) -> Built:
    """Build the library from the files and what was published.

    While the staff database cannot be read the library stays as it is: without it, edits would be taken back from
    patients. Only where there is none the files alone are built. Raises ContentError.
    """
    try:
        overlay = published_edits(here)
    except EditsAway as error:
        logger.error("%s The library stays as it is.", error)
        return _as_it_is(here) or build_library(here.knowledge_folder, here.library_path)
    built = build_library(here.knowledge_folder, here.library_path, overlay=overlay)
    for edit in built.left_out:
        logger.error("%s", edit)
    return built


def content_folder(here: Settings) -> Path:
    """The content folder as a process reads it from its start on: with published files in the place of their own.

    A published file with a mistake is left out, and logged. When nothing can be told of what was published, the folder
    made last is read, or else the files.
    """
    return _content_folder(here.knowledge_folder, here.library_path.parent, here.staff_database)


@lru_cache(maxsize=4)
def _content_folder(folder: Path, place: Path, address: str | None) -> Path:
    here = Settings(knowledge_folder=folder, staff_database=address)
    try:
        texts = _published_files(here)
        return _laid_out(folder, place, texts) if texts else folder
    except (EditsAway, ContentError, OSError) as error:
        logger.error("Files published on the staff console cannot be told: %s", error)
        made = sorted(place.glob(f"{PREFIX}*"), key=lambda path: path.stat().st_mtime)
        return made[-1] if made else folder


def _published_files(here: Settings) -> dict[str, str]:
    from bot.staff.editing.files import ContentFiles
    from bot.staff.editing.items import fingerprint
    from bot.staff.editing.standing import counting

    files, found = ContentFiles(here.knowledge_folder), {}
    for item, history in (_histories(here) or {}).items():
        if item.is_topic:
            continue
        content = files.content(item)
        version = counting(history, fingerprint(item, content) if content else None, time.time())
        if version is not None:
            found[item.name] = str(version.content["text"])
    return found


def _laid_out(folder: Path, place: Path, texts: Mapping[str, str]) -> Path:
    from bot.staff.editing.whole_files import file_mistakes

    key = hashlib.sha256(repr(sorted(texts.items())).encode())
    for path in sorted(folder.rglob("*.yml")):
        key.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    target = place / f"{PREFIX}{key.hexdigest()[:16]}"
    if target.is_dir():
        return target
    unfinished = place / f".{PREFIX}{uuid4().hex}"
    shutil.copytree(folder, unfinished, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    try:
        for name, text in texts.items():
            mistakes = file_mistakes(unfinished, name, text)
            if mistakes:
                logger.error("The published edit of %s is left out: %s", name, "; ".join(mistakes))
            else:
                (unfinished / name).write_text(text, encoding="utf-8")
        try:
            os.rename(unfinished, target)
        except OSError:
            if not target.is_dir():  # another process made it meanwhile
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in place.glob(f"{PREFIX}*"):
        if old != target and time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    return target


def _histories(here: Settings) -> dict[Item, History] | None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from bot.staff.console import database_address
    from bot.staff.database import Database
    from bot.staff.editing import store

    address = make_url(database_address(here))
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return None
    try:
        database = Database(database_address(here))
        try:
            with database.reading() as connection:
                return store.histories(connection)
        finally:
            database.close()
    except SQLAlchemyError as error:
        raise EditsAway(f"The staff database cannot be read ({type(error).__name__}: {error}).") from error


def _as_it_is(here: Settings) -> Built | None:
    version = library_version(here.library_path)
    if version is None:
        return None
    try:
        reader = LibraryReader(here.library_path)
    except LibraryMissing:
        return None
    try:
        questions = sum(passage.kind == "question" for passage in reader.passages())
        return Built(here.library_path, len(reader.topics()), questions, version, fresh=False)
    finally:
        reader.close()
