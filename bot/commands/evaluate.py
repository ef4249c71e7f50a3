"""`clonus evaluate`: measure the assistant on messages that nothing was trained on.

One command a part of the assistant. What is heavy to import is imported inside the commands, so that the command
line itself stays quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.evaluation.baseline import Measure
    from bot.evaluation.held_out import LabelledMessage
    from bot.evaluation.judging import Judged
    from bot.evaluation.tables import Figures

WIDTH = 125
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
    """Right topics, refusals, intents, calibration and confusions of the trained message reader, and what changed
    against the stored figures.

    Example: clonus evaluate understanding --messages my-messages.jsonl
    """
    from rich.console import Console

    from bot.evaluation.baseline import UNDERSTANDING_BASELINE, BadBaselineError, compared, store, stored_values
    from bot.evaluation.document import UNDERSTANDING_DOC, SectionMissing, renew_sections
    from bot.evaluation.held_out import (
        HELD_OUT,
        BadMessagesError,
        load_anybodys,
        load_intents,
        load_out_of_scope,
        load_topics,
    )
    from bot.evaluation.plots import draw_reliability
    from bot.evaluation.understanding import Judgements, figures, measures, mistakes, scores

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
    tables, wrong_ones = figures(judgements), mistakes(judgements)
    found = measures(judgements)
    if messages is None:
        table, more, others = _in_conversation()
        tables, wrong_ones, found = [*tables, table], [*wrong_ones, *more], [*found, *others]
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    for table in tables:
        console.print(table.as_rich())
    if messages is None:
        try:
            console.print(compared(found, stored_values(UNDERSTANDING_BASELINE)).as_rich())
        except BadBaselineError as error:
            _stop(str(error))
    if wrong:
        for line in wrong_ones:
            console.print(line, markup=False, soft_wrap=True)
    if write:
        try:
            renew_sections(UNDERSTANDING_DOC, {table.name: table.as_markdown() for table in tables})
            store(UNDERSTANDING_BASELINE, found)
            draw_reliability(scores(judgements))
        except (SectionMissing, OSError) as error:
            _stop(f"{UNDERSTANDING_DOC} was not renewed: {error}")
        console.print(f"Renewed the figures in {UNDERSTANDING_DOC}, {UNDERSTANDING_BASELINE.name} and the plot.")


SAFETY_FILES = ("danger", "look_alikes", "topics", "told_before")
"""Held-out messages that the screen is measured on."""


@app.command()
def safety(
    messages: Annotated[
        Path | None,
        typer.Option(
            "--messages",
            help='A file of your own: JSON lines with "text"; a danger has a "level", and may have "categories" and a '
            '"style"; a look-alike has a "kind"; a line with none of them is an ordinary message.',
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Renew the figures in docs/safety.md.")] = False,
) -> None:
    """Dangers caught, false alarms and every miss of the safety screen: rules, learned view and vote.

    Example: clonus evaluate safety --messages my-messages.jsonl
    """
    from rich.console import Console
    from rich.progress import track

    from bot.evaluation.document import SAFETY_DOC, SectionMissing, renew_sections
    from bot.evaluation.held_out import HELD_OUT, BadMessagesError
    from bot.evaluation.safety import figures, judge, load_messages, misses
    from bot.safety import SafetyScreen
    from bot.shared import learned_vote
    from knowledge.files import ContentError
    from knowledge.red_flag_models import load_red_flags

    if messages is not None and write:
        _stop("The docs show the figures of our own held-out messages: --write goes without --messages.")
    files = [messages] if messages else [HELD_OUT / f"{name}.jsonl" for name in SAFETY_FILES]
    try:
        labelled = [message for path in files for message in load_messages(path)]
        library = load_red_flags(settings().knowledge_folder / "red_flags")
    except (BadMessagesError, ContentError) as error:
        _stop(str(error))
    vote = learned_vote(library)
    if vote is None:
        _stop("The learned view is missing or broken; the message above says why. Run: clonus train")
    shown = track(labelled, description="Screening messages", console=Console(stderr=True), transient=True)
    judged = judge(shown, SafetyScreen(library), vote)
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    tables = figures(judged)
    for table in tables:
        console.print(table.as_rich())
    for line in misses(judged):
        console.print(line, markup=False, soft_wrap=True)
    if write:
        try:
            renew_sections(SAFETY_DOC, {table.name: table.as_markdown() for table in tables})
        except (SectionMissing, OSError) as error:
            _stop(f"{SAFETY_DOC} was not renewed: {error}")
        console.print(f"Renewed the figures in {SAFETY_DOC}.")


@app.command()
def voting(
    write: Annotated[bool, typer.Option("--write", help="Renew knowledge/red_flags/shared/voting.yml.")] = False,
) -> None:
    """Fit the vote of the safety screen's rules and learned view on the curated messages, never on held-out ones.

    Example: clonus evaluate voting --write
    """
    from rich.console import Console

    from bot.evaluation.voting import fit_voting, hear_curated, voting_file
    from bot.safety import SafetyScreen
    from bot.shared import NLU_FOLDER, sentence_encoder
    from bot.understanding.encoder import EncoderBroken
    from bot.understanding.vector_cache import VectorCache
    from knowledge.files import ContentError

    here = settings()
    console = Console(highlight=False)
    flags = here.knowledge_folder / "red_flags"
    try:
        with console.status("Screening the curated messages. This takes a minute or two."):
            heard = hear_curated(
                here.knowledge_folder,
                NLU_FOLDER,
                SafetyScreen.load(flags),
                VectorCache(here.vectors_path, sentence_encoder()),
            )
            content = voting_file(fit_voting(heard))
    except (ContentError, EncoderBroken) as error:
        _stop(str(error))
    console.print(content, markup=False, soft_wrap=True)
    if write:
        (flags / "shared" / "voting.yml").write_text(content, encoding="utf-8")
        console.print(f"Renewed {flags / 'shared' / 'voting.yml'}.")


@app.command()
def thresholds(
    write: Annotated[bool, typer.Option("--write", help="Renew knowledge/understanding.yml.")] = False,
) -> None:
    """Derive what each likeness counts, on the training examples, then what makes scores chances and when the bot is
    sure enough to answer, on development messages. Never on held-out ones.

    Example: clonus evaluate thresholds --write
    """
    from rich.console import Console

    from bot.evaluation.held_out import BadMessagesError, load_anybodys
    from bot.evaluation.thresholds import (
        DERIVED,
        DEVELOPMENT_MESSAGES,
        chances_of,
        derive,
        refused_rate,
        renewed_file,
        right_classes,
    )
    from bot.model_files import MessageReaderMissing, load_reader
    from bot.understanding.thresholds import LikenessWeights, load_thresholds
    from bot.understanding.weighing import fit_calibration
    from knowledge.files import ContentError

    here = settings()
    path = here.knowledge_folder / "understanding.yml"
    console = Console(highlight=False)
    try:
        now = load_thresholds(path)
        messages = [message for part in load_anybodys(DEVELOPMENT_MESSAGES) for message in part]
        with console.status("Reading the examples and the development messages. This takes a minute."):
            reader = load_reader()
            weights = reader.fitted()
            features, classes = reader.measured([message.text for message in messages])
    except (MessageReaderMissing, ContentError, BadMessagesError) as error:
        _stop(str(error))
    right = right_classes(messages, classes)
    calibration = fit_calibration(features, right, weights)
    chances = chances_of(features, right, classes, weights.calibrated(calibration), now.personal)
    weighed = LikenessWeights(**dict(zip(now.weights.dict(), weights.values, strict=True)))
    found = derive(chances, now.copy(update={"weights": weighed, "calibration": calibration}))
    for before, after in ((now.weights, weighed), (now.calibration, calibration)):
        for name, value in after.dict().items():
            console.print(f"{name}: {value} (now {getattr(before, name)})")
    for name in DERIVED:
        console.print(f"{name}: {getattr(found, name)} (now {getattr(now, name)})")
    console.print(f"Of what is about no topic, {refused_rate(chances, found.in_scope_at):.0%} is refused.")
    if write:
        try:
            path.write_text(renewed_file(path.read_text(encoding="utf-8"), found), encoding="utf-8")
        except (OSError, ValueError) as error:
            _stop(f"{path} was not renewed: {error}")
        console.print(f"Renewed {path}.")


def _in_conversation() -> tuple[Figures, list[str], list[Measure]]:
    """The figures of our own follow-ups and messages with several things, what went wrong, and what is stored."""
    from rich.console import Console

    from bot.evaluation.held_out import HELD_OUT
    from bot.evaluation.in_conversation import (
        figures,
        load_follow_ups,
        load_several,
        measures,
        mistakes,
        read_follow_ups,
        read_several,
    )
    from bot.model_files import load_reader
    from bot.replies.content import content

    reader = load_reader()
    with Console(stderr=True).status("Reading follow-ups and messages with several things."):
        follow_ups = read_follow_ups(load_follow_ups(HELD_OUT / "follow_ups.jsonl"), reader, content())
        several = read_several(load_several(HELD_OUT / "several.jsonl"), reader)
    return figures(follow_ups, several), mistakes(follow_ups, several), measures(follow_ups, several)


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


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
