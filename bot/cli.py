"""The one command line: `clonus`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.commands.evaluate import app as evaluate_app
from bot.commands.knowledge_files import export_files, follow, import_files
from bot.commands.staff import app as staff_app
from bot.processor import be_quick
from bot.published import EditsAway, published_edits
from bot.quiet import be_quiet
from bot.settings import settings
from bot.triage.cli import app as triage_app
from bot.triage.cli import content_problems
from knowledge.cli import MORE_CHECKS, OVERLAYS
from knowledge.cli import app as knowledge_app
from knowledge.files import Problem
from knowledge.overlay import Overlay


def edits_over(folder: Path) -> Overlay | None:
    """What was published on the staff console over the service's own content folder; nothing over any other."""
    if folder.resolve() != settings().knowledge_folder.resolve():
        return None
    try:
        return published_edits(settings())
    except EditsAway as error:
        typer.echo(f"{error} Nothing was built.", err=True)
        raise typer.Exit(1) from error


def phrases_of_danger(folder: Path) -> list[Problem]:
    """The phrases of the danger content that cannot be read, for `clonus knowledge check`."""
    from bot.safety.content_check import phrase_problems

    return phrase_problems(folder / "red_flags")


def chosen_sentences(folder: Path) -> list[Problem]:
    """The sentences chosen for details that do not stand in their topic, for `clonus knowledge check`."""
    from bot.understanding.content_check import chosen_problems

    return chosen_problems(folder)


app = typer.Typer(
    help="Clonus Companion: triage and education for people living with clonus.", no_args_is_help=True,
    pretty_exceptions_enable=False,
)  # fmt: skip
MORE_CHECKS.extend((content_problems, phrases_of_danger, chosen_sentences))
OVERLAYS.append(edits_over)
knowledge_app.command(name="export")(export_files)
knowledge_app.command(name="import")(import_files)
knowledge_app.command()(follow)
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(triage_app, name="triage")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(staff_app, name="staff")


@app.command()
def chat() -> None:
    """Talk to the bot in the terminal.

    Example: clonus chat
    """
    from bot.commands import chat as command

    raise typer.Exit(command.run())


@app.command()
def run(
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the chat page in a browser.")] = True,
) -> None:
    """Build and train what has changed, start everything, and stay until Ctrl-C.

    Example: clonus run --no-open
    """
    from bot.commands import run as command

    raise typer.Exit(command.run(open_page))


@app.command()
def cluster(
    chats: Annotated[int, typer.Option(help="Chat servers.")] = 2,
    actions: Annotated[int, typer.Option(help="Action servers.")] = 2,
) -> None:
    """Start the topology of deploy/ on this machine: nginx, several servers, PostgreSQL and Redis.

    Example: clonus cluster --chats 2 --actions 2
    """
    from bot.commands import cluster as command

    raise typer.Exit(command.run(chats, actions))


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Train even when nothing has changed.")] = False,
) -> None:
    """Build the knowledge base and train the model, unless nothing has changed.

    Example: clonus train --force
    """
    from bot.commands import train as command

    raise typer.Exit(command.run(force))


@app.command()
def understand() -> None:
    """Say what the bot makes of messages: one a line in, one JSON object a line out.

    Example: echo "my foot bounces" | clonus understand
    """
    from bot.commands import understand as command

    raise typer.Exit(command.run())


@app.command()
def converse() -> None:
    """Hold conversations over JSON lines, through the trained model and the real actions.

    Example: echo '{"conversation": "a", "text": "hello"}' | clonus converse
    """
    from bot.commands import converse as command

    raise typer.Exit(command.run())


@app.command(name="sms-sim")
def sms_sim(
    url: Annotated[str | None, typer.Option(help="A bot that runs on this machine; left out: one of its own.")] = None,
    number: Annotated[str, typer.Option(help="The phone's number; its country decides the emergency number.")] = (
        "+14155550100"
    ),
) -> None:
    """Text with the bot from a phone in the terminal, through inbox, outbox and segments.

    Example: clonus sms-sim --number +447700900123
    """
    from bot.commands import sms_sim as command

    raise typer.Exit(command.run(url, number))


@app.command()
def erase(
    conversation: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="The conversation's id, as it stands in the records for staff."),
    ] = None,
    expired: Annotated[
        bool, typer.Option("--expired", help="Delete all that is older than the setting keep_days allows.")
    ] = False,
) -> None:
    """Delete all that is kept of one conversation, or of all whose time is over.

    Example: clonus erase --expired
    """
    from bot.commands import erase as command

    raise typer.Exit(command.run(conversation, expired))


@app.command()
def doctor() -> None:
    """Check everything the bot needs, and say how to mend what is wrong.

    Example: clonus doctor
    """
    from bot.commands import doctor as command

    raise typer.Exit(command.run())


def main() -> None:
    """Entry point of the `clonus` command."""
    be_quick()
    be_quiet()
    app()


if __name__ == "__main__":
    main()
