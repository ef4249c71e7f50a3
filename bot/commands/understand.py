"""`clonus understand`: what the bot makes of single messages, without a conversation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import track

from bot.model_files import MessageReaderMissing, load_reader
from bot.safety.record import INTERRUPTING, RED_FLAG
from bot.shared import safety_screen
from bot.understanding.plain_text import plain_text
from bot.understanding.reader import Reader


def understood(reader: Reader, text: str) -> dict[str, Any]:
    """The contract's object for one message."""
    plain = plain_text(text)
    verdict = safety_screen().screen(plain)
    reading = reader.read(plain)
    interrupting = verdict.level in INTERRUPTING
    red_flag = {"category": verdict.category, "level": verdict.level, "sure": verdict.sure} if verdict.alarm else None
    return {
        "text": text,
        "red_flag": red_flag,
        "intent": RED_FLAG if interrupting else reading.intent,
        "confidence": round(1.0 if interrupting else reading.confidence, 4),
        "topics": [{"slug": topic.slug, "score": topic.score} for topic in reading.topics],
        "in_scope": reading.in_scope,
    }


def message_of(line: str) -> str:
    """The message on a line: plain text, or the "text" of a JSON object."""
    if line.lstrip().startswith("{"):
        try:
            data = json.loads(line)
        except json.JSONDecodeError:
            return line
        if isinstance(data, dict) and isinstance(data.get("text"), str):
            return data["text"]
    return line


def understand(lines: Iterable[str], reader: Reader) -> Iterator[dict[str, Any]]:
    """One object a line, in order."""
    for line in lines:
        yield understood(reader, message_of(line.rstrip("\n")))


def run() -> int:
    """Run over standard input and output, with progress on standard error; the exit code."""
    try:
        reader = load_reader()
    except MessageReaderMissing as error:
        print(error, file=sys.stderr)
        return 1
    lines = sys.stdin.readlines() if not sys.stdin.isatty() else sys.stdin
    shown = track(
        lines,
        description="Understanding",
        console=Console(stderr=True),
        disable=not isinstance(lines, list) or len(lines) < 20,
    )
    for result in understand(shown, reader):
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0
