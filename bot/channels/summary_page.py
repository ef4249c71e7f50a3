"""The one-page summary of the last check-in as a page to print, for the browser whose conversation it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.replies.check_in import interview
from bot.replies.last_check_in import state_in
from bot.triage.summary import SUMMARY_TITLE, Section, sections

STYLE = "summary.css"
"""The page's style, in bot/web/."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<p class="screen-only"><a href="{back}">{back_words}</a></p>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def summary_page(memory: Mapping[str, Any] | None, *, back: str, style: str) -> str | None:
    """The page as HTML, from what the slot `interview` holds; None when there is no check-in to show.

    Private answers stand on it only when the person said so in the chat. `back` and `style` are the addresses of the
    chat and of the style sheet.
    """
    state = state_in(memory or {})
    if memory is None or state is None or not state.entries:
        return None
    machine = interview()
    words, closing = machine.wording.summary, machine.table.summary_for_visit.closing_line
    result = machine.result(state)
    told = sections(machine.table, result, agreed=memory.get("on_summary") or ())
    body = [
        *map(_section, told),
        _paragraph(closing, "closing"),
        _paragraph(f"{words.yours} {words.print}", "screen-only"),
    ]
    return _PAGE.format(
        title=escape(SUMMARY_TITLE), style=escape(style), back=escape(back), back_words=escape(words.back),
        body="\n".join(body),
    )  # fmt: skip


def empty_page(*, back: str, style: str) -> str:
    """The page when there is nothing to show: what to do first."""
    words = interview().wording.summary
    return _PAGE.format(
        title=escape(SUMMARY_TITLE), style=escape(style), back=escape(back), back_words=escape(words.back),
        body=_paragraph(words.none_yet, "closing"),
    )  # fmt: skip


def _section(section: Section) -> str:
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{_items(section.lines)}\n</section>"


def _items(lines: Sequence[str]) -> str:
    return "\n".join(["<ul>", *(f"<li>{escape(line)}</li>" for line in lines), "</ul>"])


def _paragraph(text: str, kind: str) -> str:
    return f'<p class="{kind}">{escape(text)}</p>'
