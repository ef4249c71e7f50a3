"""The one command line: `clonus`."""

from __future__ import annotations

import typer

from knowledge.cli import app as knowledge_app

app = typer.Typer(help="Clonus Companion.", no_args_is_help=True)
app.add_typer(knowledge_app, name="knowledge")


def main() -> None:
    """Entry point of the `clonus` command."""
    app()
