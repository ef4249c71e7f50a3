"""The written pages, and what is in them: names in backticks, commands, tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT

PAGES = (
    "README.md",
    "docs/architecture.md",
    "docs/adding-a-topic.md",
    "docs/text-messages.md",
    "docs/chat-page.md",
    "docs/staff-console.md",
)
"""The pages that send a reader to files and commands."""

_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FILE_ENDINGS = (".py", ".yml", ".yaml", ".md", ".toml", ".lock", ".jsonl", ".db", ".log", ".key")
_PATH = re.compile(r"[\w.<>*-]+(?:/[\w.<>*-]+)*/?")


def text_of(page: str) -> str:
    """A page as it stands."""
    return (ROOT / page).read_text(encoding="utf-8")


def code_of(page: str) -> Iterator[str]:
    """Everything set as code: what stands in backticks, and each line of a fenced block."""
    text = text_of(page)
    for block in _FENCED.findall(text):
        yield from block.splitlines()
    for code in _CODE.findall(_FENCED.sub("", text)):
        yield code.replace("\\|", "|")  # a pipe inside a table


def paths_in(page: str) -> list[str]:
    """Everything in backticks that is written like a path of this project: "bot/web/", "config.yml"."""
    codes = _CODE.findall(_FENCED.sub("", text_of(page)))
    whole = [code for code in codes if _PATH.fullmatch(code)]
    return sorted({code for code in whole if code.endswith(_FILE_ENDINGS) or code.split("/")[0] in _top_folders()})


def links_in(page: str) -> list[tuple[Path, str | None]]:
    """The files a page links to, each with the heading it points at."""
    found = []
    for target in _LINK.findall(_FENCED.sub("", text_of(page))):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        found.append(((ROOT / page).parent / file if file else ROOT / page, heading or None))
    return found


def headings_of(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ +(.+)$", _FENCED.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def calls_in(page: str, program: str) -> list[list[str]]:
    """Every call of `program` in a page: the words after its name, without those that are not plain words."""
    calls = []
    for code in code_of(page):
        for part in re.split(r"\s[|&]+\s", code):
            match = re.match(rf"(?:\.venv/bin/)?{program}(?:\s+(.*))?$", part.strip())
            if match:
                calls.append(shlex.split(match[1] or "", comments=True))
    return calls


def table_after(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head. Raises ValueError when there is none."""
    _, found, rest = text_of(page).partition(f"\n## {heading}\n")
    lines = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("|")]
    if not found or len(lines) < 3:
        raise ValueError(f"{page} has no table below '{heading}'")
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def _top_folders() -> set[str]:
    return {path.name for path in ROOT.iterdir() if path.is_dir()}
