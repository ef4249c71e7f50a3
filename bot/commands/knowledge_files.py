"""`clonus knowledge export` and `import`: between what was published on the console and the content files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.staff.editing.desk import ContentDesk
    from bot.staff.editing.exchange import Told
    from bot.staff.editing.items import Item

CLASH = 2
"""Exit code when something was left undone because both sides were changed."""

KeepFile = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--keep-file", help="In a clash of this, the file counts: topic:SLUG or file:PATH."),
]
KeepConsole = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--keep-console", help="In a clash of this, what was published on the console counts."),
]


def export_files(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
) -> None:
    """Write what was published on the staff console to the content files, to be committed.

    A file that was changed beside an edit is shown and left alone (exit code 2).

    Example: clonus knowledge export
    """
    from bot.staff.editing import exchange

    def work(desk: ContentDesk, connection: Connection, at: float) -> Sequence[Told]:
        return exchange.export(desk, connection, at, write=not dry_run)

    _tell(_done("knowledge exported", work, write=not dry_run), "would be written" if dry_run else "written")


def import_files(keep_file: KeepFile = None, keep_console: KeepConsole = None) -> None:
    """Take in what was changed in the content files since they were exported.

    Where both the file and the console were changed, both are shown and nothing is done (exit code 2), until you say
    which counts.

    Example: clonus knowledge import --keep-file topic:afo
    """
    from bot.staff.editing import exchange

    files, console = _items(keep_file or []), _items(keep_console or [])

    def work(desk: ContentDesk, connection: Connection, at: float) -> Sequence[Told]:
        return exchange.take_in(desk, connection, at, files, console)

    _tell(_done("knowledge imported", work, write=True), "written")


def follow() -> None:
    """Keep this machine's library up to date with what is published, until Ctrl-C.

    For machines on which bots run and no staff console does; a console does the same.

    Example: clonus knowledge follow
    """
    import time

    from sqlalchemy.exc import SQLAlchemyError

    from bot.staff.console import database_address
    from bot.staff.database import Database
    from bot.staff.editing.desk import ContentDesk
    from bot.staff.editing.files import ContentFiles
    from bot.staff.editing.publisher import Publisher

    here = settings()
    try:
        database = Database(database_address(here))
    except SQLAlchemyError as error:
        typer.echo(f"The staff database cannot be used: {error}", err=True)
        raise typer.Exit(1) from error
    publisher = Publisher(database, ContentDesk(ContentFiles(here.knowledge_folder)), here.library_path)
    publisher.start()
    typer.echo(f"{here.library_path} follows what is published. Stop with Ctrl-C.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        publisher.close()
        database.close()


def _items(keys: Sequence[str]) -> list[Item]:
    from bot.staff.editing.items import item_of

    try:
        return [item_of(key) for key in keys]
    except ValueError as error:
        typer.echo(f"{error}. Write topic:SLUG or file:PATH.", err=True)
        raise typer.Exit(1) from error


def _done(
    action: str, work: Callable[[ContentDesk, Connection, float], Sequence[Told]], *, write: bool
) -> Sequence[Told]:
    """Do the work in one transaction, and note it in the console's log."""
    import time

    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from bot.staff import audit
    from bot.staff.console import database_address
    from bot.staff.database import Database
    from bot.staff.editing.desk import ContentDesk
    from bot.staff.editing.files import ContentFiles
    from knowledge.files import ContentError

    here = settings()
    address = make_url(database_address(here))
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        typer.echo("There is no staff database, so nothing was published on the console.")
        raise typer.Exit(0)
    try:
        database = Database(database_address(here))
        try:
            with database.transaction() as connection:
                told = work(ContentDesk(ContentFiles(here.knowledge_folder)), connection, time.time())
                changed = [each.item.key for each in told if each.result.value in ("written", "taken", "kept")]
                if write and changed:
                    who = f"command line ({os.environ.get('USER') or 'unknown'})"
                    audit.note(connection, None, who, action, "knowledge", {"items": changed})
        finally:
            database.close()
    except SQLAlchemyError as error:
        typer.echo(f"The staff database cannot be used: {error}", err=True)
        raise typer.Exit(1) from error
    except ContentError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"Nothing was written: {len(error.problems)} problem(s) to mend first.", err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        typer.echo(f"A file cannot be written: {error}. What was written so far is whole; run it again.", err=True)
        raise typer.Exit(1) from error
    return told


def _tell(told: Sequence[Told], written: str) -> None:
    """Say what became of everything, and end with the code that fits."""
    words = {
        "written": f"{written}: {{path}}",
        "same": "in the file already: {path}",
        "taken": "taken from the file: {path}",
        "kept": "what was published on the console is kept: {path}",
        "ahead": "published, and not in the file yet (clonus knowledge export): {path}",
        "moved-on": "the file was changed after an export (clonus knowledge import): {path}",
        "left-out": "cannot be used, so the file stays: {path}",
    }
    for each in told:
        if each.result.value != "clash":
            typer.echo(words[each.result.value].format(path=each.path))
            for reason in each.reasons:
                typer.echo(f"  {reason}", err=True)
    clashes = [each for each in told if each.result.value == "clash"]
    for each in clashes:
        typer.echo(f"clash, left alone: {each.path} ({each.item.key})", err=True)
        for change in each.changes:
            typer.echo(f"  {change.title}", err=True)
            for line in change.lines:
                sign = {"added": "+", "removed": "-", "skipped": "…"}.get(line.kind, " ")
                typer.echo(f"  {sign} {line.text}", err=True)
    if not told:
        typer.echo("Nothing was published on the console.")
    if clashes:
        typer.echo(
            f"{len(clashes)} clash(es): decide in the console, or with clonus knowledge import --keep-file or "
            "--keep-console.",
            err=True,
        )
        raise typer.Exit(CLASH)
    if any(each.reasons for each in told):
        raise typer.Exit(1)
