"""`clonus knowledge`: build, check, search and show the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(help="Build, check, search and show the knowledge base.", no_args_is_help=True)

FOLDER = Path(__file__).parent


@app.command()
def check(
    files: Annotated[Optional[list[Path]], typer.Argument(help="Only these topic files; all when left out.")] = None,  # noqa: UP007
) -> None:
    """Check every content file: fields, links, reading grade, lengths and reviews.

    Example: clonus knowledge check knowledge/topics/help/afo.yml
    """
    from knowledge.files import ContentError
    from knowledge.topic_files import editorial_problems, load_library

    only = {path.resolve() for path in files or []}
    problems = []
    try:
        load_library(FOLDER)
    except ContentError as error:
        problems.extend(error.problems)
    problems.extend(editorial_problems(FOLDER, only))
    problems = [problem for problem in problems if not only or problem.path.resolve() in only]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(f"{len(problems)} problem(s) found.", err=True)
        raise typer.Exit(1)
    typer.echo("All content files are in order.")
