"""`clonus staff`: the staff console by itself, and the link to its first account."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import settings

app = typer.Typer(help="The console for people who answer, check and improve.", invoke_without_command=True)


@app.callback()
def staff(
    context: typer.Context,
    link: Annotated[bool, typer.Option("--link/--no-link", help="Print the link to the first account.")] = True,
) -> None:
    """Serve the staff console until Ctrl-C.

    Example: clonus staff
    """
    if context.invoked_subcommand is not None:
        return
    from bot.commands.run import port_is_free
    from bot.staff.console import own_address
    from bot.staff.first_link import first_link_of
    from bot.staff.serving import serve

    here, console = settings(), Console(highlight=False, soft_wrap=True)
    if not port_is_free(here.staff_host, here.staff_port):
        console.print(
            f"Port {here.staff_port} is in use. Stop that program, or choose another: "
            f"CLONUS_STAFF_PORT={here.staff_port + 1} clonus staff",
            style="red",
        )
        raise typer.Exit(1)
    try:
        if link:
            first = first_link_of(here)
            console.print(f"Staff console: {own_address(here)}")
            if first:
                console.print(f"There is no account yet. Make the first one here, once, within a day: {first}")
        serve(here)
    except (SQLAlchemyError, ValueError) as error:
        console.print(f"The staff console cannot start: {error}", style="red", markup=False)
        raise typer.Exit(1) from error


@app.command()
def link() -> None:
    """Print a new one-time link to the first account, while there is none.

    Example: clonus staff link
    """
    from bot.staff.first_link import first_link_of

    console = Console(highlight=False, soft_wrap=True)
    try:
        first = first_link_of(settings())
    except SQLAlchemyError as error:
        console.print(f"The console's data cannot be reached: {error}", style="red", markup=False)
        raise typer.Exit(1) from error
    if first is None:
        console.print("There are accounts already. An administrator can invite you, under People.")
        raise typer.Exit(1)
    console.print(first)
