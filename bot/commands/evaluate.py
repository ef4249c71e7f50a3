"""`clonus evaluate`: measure the assistant on messages that nothing was trained on.

One command a part of the assistant. What is heavy to import is imported inside the commands, so that the command
line itself stays quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.evaluation.held_out import LabelledMessage
    from bot.evaluation.judging import Judged

WIDTH = 100
"""Columns that the tables need; in a narrower terminal their lines wrap."""

app = typer.Typer(help="Measure the assistant on held-out messages.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure the assistant on held-out messages."""


@app.command()
def understanding(
    messages: Annotated[
        Path | None,
        typer.Option(
            "--messages",
            help='A file of your own: JSON lines with "text" and "topics", a list of acceptable slugs, empty or absent '
            'where the bot must refuse. "style" or "kind" name a group.',
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Renew the figures in docs/understanding.md.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="Also list every message that went wrong.")] = False,
) -> None:
    """Right topics, refusals, intents, calibration and confusions of the trained message reader.

    Example: clonus evaluate understanding --messages my-messages.jsonl
    """
    from rich.console import Console

    from bot.evaluation.document import UNDERSTANDING_DOC, SectionMissing, renew_sections
    from bot.evaluation.held_out import (
        HELD_OUT,
        BadMessagesError,
        load_anybodys,
        load_intents,
        load_out_of_scope,
        load_topics,
    )
    from bot.evaluation.understanding import Judgements, figures, mistakes

    if messages is not None and write:
        _stop("The docs show the figures of our own held-out messages: --write goes without --messages.")
    try:
        if messages is not None:
            inside, outside = load_anybodys(messages)
            doing = []
        else:
            inside = load_topics(HELD_OUT / "topics.jsonl")
            outside = load_out_of_scope(HELD_OUT / "out_of_scope.jsonl")
            doing = load_intents(HELD_OUT / "intents.jsonl")
    except BadMessagesError as error:
        _stop(str(error))
    judged = iter(_judge([inside, outside, doing]))
    judgements = Judgements(next(judged), next(judged), next(judged))
    tables = figures(judgements)
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    for table in tables:
        console.print(table.as_rich())
    if wrong:
        for line in mistakes(judgements):
            console.print(line, markup=False, soft_wrap=True)
    if write:
        try:
            renew_sections(UNDERSTANDING_DOC, {table.name: table.as_markdown() for table in tables})
        except (SectionMissing, OSError) as error:
            _stop(f"{UNDERSTANDING_DOC} was not renewed: {error}")
        console.print(f"Renewed the figures in {UNDERSTANDING_DOC}.")


def _judge(lists: Sequence[Sequence[LabelledMessage]]) -> list[list[Judged]]:
    """Every list of messages, read by the newest model, with progress on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.evaluation.judging import judge
    from bot.model_files import MessageReaderMissing, load_reader
    from bot.replies.content import content
    from knowledge.library import LibraryMissing

    try:
        reader = load_reader()
        known = content()
        slugs = set(known.topics)
    except (MessageReaderMissing, LibraryMissing) as error:
        _stop(str(error))
    unknown = sorted({slug for one in (*lists[0], *lists[1]) for slug in one.right if slug not in slugs})
    if unknown:
        _stop(f"The library has no such topic: {', '.join(unknown)}")
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading messages", total=sum(map(len, lists)))
        return [
            judge(progress.track(messages, task_id=task, total=progress.tasks[0].total), reader, known)
            for messages in lists
        ]


def _stop(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(2)
