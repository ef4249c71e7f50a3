"""`clonus triage`: decide check-ins given as JSON lines, and prove the decision table.

What is heavy to import is imported inside the commands, so that the command line itself stays quick.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from knowledge.files import Problem

app = typer.Typer(help="The check-in: decide it, prove it.", no_args_is_help=True)

_TABLE = typer.Option(None, "--table", help="Another decision table than the product's own.", show_default=False)


class BadLineError(ValueError):
    """A line that cannot be read as a check-in; the message says why in plain words."""


def read_line(line: str) -> Mapping[str, Any]:
    """The answers in one line of JSON: `{"answers": {question: option or [options]}}`.

    Raises BadLineError when it is anything else. A question given twice is refused: one of the two answers would be
    lost unseen.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            raise BadLineError("a name is given twice in one object")
        return entries

    try:
        value = json.loads(line, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise BadLineError(f"this is not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise BadLineError("this JSON is nested too deeply") from error
    answers = value.get("answers") if isinstance(value, dict) else None
    if not isinstance(answers, dict):
        raise BadLineError('the line must be an object with "answers": {question: option or [options]}')
    return answers


def content_problems(folder: Path) -> list[Problem]:
    """The mistakes in the check-in's files of a content folder, for `clonus knowledge check`."""
    from bot.triage.content_check import check_in_problems

    return check_in_problems(folder)


def _load(path: Path | None) -> Any:
    from bot.published import content_folder
    from bot.settings import settings
    from bot.triage.table import TABLE_FILE, load_table
    from knowledge.files import ContentError

    try:
        return load_table(path or content_folder(settings()) / TABLE_FILE.name)
    except ContentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


@app.command()
def decide(table: Path | None = _TABLE) -> None:
    """JSON lines {"answers"} in, {"level", "rows", "steps"} out. A bad line gives {"error"} and exit code 1.

    Example: echo '{"answers": {"red-flags": "none"}}' | clonus triage decide
    """
    from bot.triage.decide import decide as work_out

    loaded = _load(table)
    bad = False
    for raw in sys.stdin.buffer:
        if not raw.strip():
            continue
        reply: dict[str, Any]
        try:
            result = work_out(loaded, read_line(raw.decode("utf-8")))
            reply = {"level": result.level, "rows": result.rows, "steps": result.steps}
        except UnicodeDecodeError:
            bad, reply = True, {"error": "the line is not UTF-8 text"}
        except BadLineError as error:
            bad, reply = True, {"error": str(error)}
        typer.echo(json.dumps(reply))
        sys.stdout.flush()
    raise typer.Exit(1 if bad else 0)


@app.command()
def prove(table: Path | None = _TABLE) -> None:
    """Prove every invariant of the decision table over all possible answers. Exit code 1 if one fails.

    Example: clonus triage prove
    """
    from bot.settings import settings
    from bot.triage.proof.prove import prove as verdicts

    loaded = _load(table)
    categories = {path.stem for path in (settings().knowledge_folder / "red_flags").glob("*.yml")}
    failed = 0
    seconds = 0.0
    total = 0
    for verdict in verdicts(loaded, categories=categories):
        total += 1
        seconds += verdict.seconds
        if verdict.proved:
            typer.echo(f"PROVED  {verdict.invariant} ({verdict.how}, {verdict.seconds:.1f} s)")
            continue
        failed += 1
        typer.echo(f"FAILED  {verdict.invariant}: {verdict.statement}")
        for finding in verdict.findings:
            typer.echo("        " + finding.replace("\n", "\n        "))
    typer.echo(f"{total - failed} of {total} invariants proved in {seconds:.1f} s.")
    raise typer.Exit(1 if failed else 0)
