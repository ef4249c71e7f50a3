"""`clonus knowledge`: build, check, search and show the library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from knowledge.files import Problem
    from knowledge.overlay import Overlay

app = typer.Typer(help="Build, check, search and show the knowledge base.", no_args_is_help=True)

LIBRARY = Path(__file__).parent.parent / "var" / "knowledge.db"

FolderOption = Annotated[
    Path, typer.Option("--folder", envvar="CLONUS_KNOWLEDGE_FOLDER", help="The folder of the content files.")
]
LibraryOption = Annotated[Path, typer.Option("--library", envvar="CLONUS_LIBRARY_PATH", help="The library file.")]
FOLDER = Path(__file__).parent

MORE_CHECKS: list[Callable[[Path], list[Problem]]] = []
"""Checks of files in the content folder whose meaning only another package knows; bot/cli.py adds the check-in's."""

OVERLAYS: list[Callable[[Path], Overlay | None]] = []
"""Give what is laid over a content folder; bot/cli.py adds what was published on the staff console."""


@app.command()
def check(
    files: Annotated[Optional[list[Path]], typer.Argument(help="Only these files; all when left out.")] = None,  # noqa: UP045
    folder: FolderOption = FOLDER,
) -> None:
    """Check every content file: fields, links, reading grade, lengths and reviews.

    Example: clonus knowledge check knowledge/topics/help/afo.yml
    """
    from knowledge.check import all_problems

    missing = [path for path in files or [] if not path.is_file()]
    for path in missing:
        typer.echo(f"There is no file {path}", err=True)
    if missing:
        raise typer.Exit(1)
    only = {path.resolve() for path in files or []}
    found = [*all_problems(folder), *(problem for more in MORE_CHECKS for problem in more(folder))]
    problems = [problem for problem in found if not only or problem.path.resolve() in only]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(f"{len(problems)} problem(s) found.", err=True)
        raise typer.Exit(1)
    typer.echo("All content files are in order.")


@app.command()
def build(
    library: LibraryOption = LIBRARY,
    folder: FolderOption = FOLDER,
    force: Annotated[bool, typer.Option("--force", help="Build even when nothing has changed.")] = False,
) -> None:
    """Validate the content files and write the library.

    Example: clonus knowledge build
    """
    from knowledge.build import build_library
    from knowledge.files import ContentError

    try:
        overlay = next((found for over in OVERLAYS if (found := over(folder)) is not None), None)
        built = build_library(folder, library, force=force, overlay=overlay)
    except ContentError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"Nothing was built: {len(error.problems)} problem(s) to mend first.", err=True)
        raise typer.Exit(1) from error
    for edit in built.left_out:
        typer.echo(str(edit), err=True)
    verb = "Built" if built.fresh else "Unchanged, reused:"
    typer.echo(f"{verb} {built.path} ({built.topics} topics, {built.questions} questions, version {built.version})")


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words to look for.")],
    library: LibraryOption = LIBRARY,
) -> None:
    """List the topics whose words fit best.

    Example: clonus knowledge search heel wedge
    """
    from rich.console import Console
    from rich.table import Table

    reader = _open(library)
    topics = reader.topics()
    scores = reader.word_scores(" ".join(words))
    if not scores:
        typer.echo(f"No topic holds the words '{' '.join(words)}'.")
        raise typer.Exit(1)
    table = Table("score", "topic", "title")
    for slug, score in sorted(scores.items(), key=lambda item: -item[1])[:10]:
        table.add_row(f"{score:.1f}", slug, topics[slug].title)
    Console().print(table)


@app.command()
def show(
    slug: Annotated[str, typer.Argument(help="The topic's slug.")],
    library: LibraryOption = LIBRARY,
) -> None:
    """Print one topic as the bot knows it.

    Example: clonus knowledge show heel-wedge
    """
    from difflib import get_close_matches

    from rich.console import Console
    from rich.markup import escape

    topics = _open(library).topics()
    topic = topics.get(slug)
    if topic is None:
        near = ", ".join(get_close_matches(slug, topics, n=3)) or "run 'clonus knowledge search WORDS'"
        typer.echo(f"There is no topic '{slug}'. Perhaps: {near}", err=True)
        raise typer.Exit(1)
    console = Console(highlight=False)
    console.print(f"[bold]{escape(topic.title)}[/bold]  ({topic.group}/{topic.slug})\n")
    for name, text in (("Short", topic.short), ("Simple", topic.simple), ("Answer", topic.answer)):
        console.print(f"[bold]{name}[/bold]\n{escape(text)}\n")
    for name, lines in (("Steps", topic.steps), ("Take care", topic.cautions), ("Related", topic.related)):
        if lines:
            console.print(f"[bold]{name}[/bold]")
            for line in lines:
                console.print(f"- {escape(line)}")
            console.print()
    console.print("[bold]Sources[/bold]")
    for source in topic.sources:
        console.print(escape(f"- {source.title}, {source.publisher}" + (f", {source.url}" if source.url else "")))
    console.print(f"\nReviewed {topic.reviewed_on} by {topic.reviewed_by}")


def _open(library: Path):  # type: ignore[no-untyped-def]
    from knowledge.library import LibraryMissing, LibraryReader

    try:
        return LibraryReader(library)
    except LibraryMissing as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
