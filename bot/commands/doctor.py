"""`clonus doctor`: check everything the bot needs, and say how to mend what is wrong."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from rich.console import Console

from bot.commands.processes import answers
from bot.commands.run import port_is_free
from bot.commands.setting_check import wrong_setting
from bot.model_files import model_is_fresh, newest_model
from bot.quiet import quiet_file
from bot.settings import ROOT, settings

DISTRIBUTION = "clonus-companion"
LEAST_FREE_GIB = 2.0
MEND_SETUP = "Run: make setup"


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: `mend` says what to do when it is not in order."""

    name: str
    in_order: bool
    detail: str
    mend: str = ""


def interpreter() -> Finding:
    """Rasa needs Python 3.10."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    right = sys.version_info[:2] == (3, 10)
    return Finding("interpreter", right, f"Python {version}", "Install Python 3.10, then: make clean setup")


def packages() -> Finding:
    """Every dependency is installed in a version the project allows."""
    wrong = []
    for line in importlib.metadata.requires(DISTRIBUTION) or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            installed = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            wrong.append(f"{requirement.name} is {installed}, needed: {requirement.specifier}")
    return Finding("packages", not wrong, "; ".join(wrong) or "all as locked", MEND_SETUP)


def quiet() -> Finding:
    """Usage statistics and crash reports are off for plain rasa commands too."""
    off = quiet_file().is_file()
    return Finding("telemetry", off, "off in every way of starting" if off else "on for rasa commands", MEND_SETUP)


def spacy_pipeline() -> Finding:
    """The English pipeline loads and finds a sentence's words."""
    from bot.spacy_pipeline import PIPELINE, load

    try:
        words = len(load()("My foot bounces."))
    except Exception as error:
        return Finding("spaCy pipeline", False, str(error), MEND_SETUP)
    return Finding("spaCy pipeline", words == 4, f"{PIPELINE} loads", MEND_SETUP)


def sentence_model() -> Finding:
    """The sentence model is byte for byte the one that was measured."""
    from bot.understanding.encoder import EncoderBroken, verify_model_files

    try:
        verify_model_files()
    except EncoderBroken as error:
        return Finding("sentence model", False, str(error), MEND_SETUP)
    return Finding("sentence model", True, "sha256 as expected")


def knowledge_base() -> Finding:
    """The content is in order and the library was built from it as it is now."""
    from bot.published import EditsAway, published_edits
    from knowledge.build import content_version, library_version, shown_content
    from knowledge.files import ContentError

    here = settings()
    try:
        library, left_out = shown_content(here.knowledge_folder, published_edits(here))
    except ContentError as error:
        return Finding("knowledge base", False, str(error.problems[0]), "Run: clonus knowledge check")
    except EditsAway as error:
        return Finding("knowledge base", False, str(error), "Start the staff database, or mend CLONUS_STAFF_DATABASE")
    if left_out:
        return Finding("knowledge base", False, str(left_out[0]), "Mend the edit on the staff console")
    fresh = library_version(here.library_path) == content_version(library)
    detail = f"{len(library.topics)} topics" if fresh else "missing, or older than its content"
    return Finding("knowledge base", fresh, detail, "Run: clonus knowledge build")


def trained_model() -> Finding:
    """There is a model, trained from the files as they are now."""
    model = newest_model()
    detail = model.name if model else "none"
    fresh = model_is_fresh()
    return Finding("trained model", fresh, detail if fresh else f"{detail} (not up to date)", "Run: clonus train")


def staff_settings() -> Finding:
    """Opening hours and alerts can be read."""
    problem = wrong_setting(settings())
    return Finding("staff settings", problem is None, problem or "in order", "Change it in the environment")


def ports() -> Finding:
    """The ports are free, or held by this bot."""
    here = settings()
    held = []
    for name, port, path in (
        ("CLONUS_CHAT_PORT", here.chat_port, "/status"),
        ("CLONUS_ACTIONS_PORT", here.actions_port, "/health"),
        ("CLONUS_STAFF_PORT", here.staff_port, "/health"),
    ):
        if not port_is_free("127.0.0.1", port) and not answers(f"http://127.0.0.1:{port}{path}"):
            held.append(f"{port} ({name})")
    free = f"{here.chat_port}, {here.actions_port}, {here.staff_port}"
    detail = f"in use by another program: {', '.join(held)}" if held else free
    return Finding("ports", not held, detail, "Stop that program, or set another port in the environment")


def staff_console() -> Finding:
    """The console's data can be reached. A file that is not there yet is made at the first start."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from bot.databases import open_engine
    from bot.staff.console import database_address

    mend = "Look at CLONUS_STAFF_DATABASE: staff cannot work without it"
    try:
        address = make_url(database_address(settings()))
        shown = address.database if address.get_backend_name() == "sqlite" else repr(address)
        if address.get_backend_name() == "sqlite" and not Path(str(address.database)).is_file():
            return Finding("staff console", True, f"{shown}, made at the first start", mend)
        engine = open_engine(str(address))
        with engine.connect():
            engine.dispose()
    except SQLAlchemyError as error:
        return Finding("staff console", False, str(error).splitlines()[0], mend)
    return Finding("staff console", True, str(shown), mend)


def disk() -> Finding:
    """There is room for models and conversations."""
    free = shutil.disk_usage(ROOT).free / 2**30
    return Finding("disk", free >= LEAST_FREE_GIB, f"{free:.1f} GiB free", f"Free at least {LEAST_FREE_GIB:.0f} GiB")


CHECKS: tuple[Callable[[], Finding], ...] = (
    interpreter, packages, quiet, spacy_pipeline, sentence_model, knowledge_base, trained_model, ports,
    staff_settings, staff_console, disk,
)  # fmt: skip


def run() -> int:
    """Run every check and print the findings; exit code 1 when something is not in order."""
    console = Console(highlight=False)
    findings = [check() for check in CHECKS]
    for finding in findings:
        mark = "[green]ok  [/green]" if finding.in_order else "[red]MEND[/red]"
        console.print(f"{mark}  {finding.name}: ", end="")
        console.print(finding.detail, markup=False)
        if not finding.in_order:
            console.print(f"      {finding.mend}", style="yellow")
    wrong = sum(not finding.in_order for finding in findings)
    console.print("All in order." if not wrong else f"{wrong} thing(s) to mend.")
    return 1 if wrong else 0
