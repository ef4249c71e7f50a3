"""`clonus converse`: JSON lines in, JSON lines out, through the trained model and the real actions."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, TextIO

from bot.channels.in_process import Companion, ModelMissing
from bot.channels.running_turn import Message
from bot.settings import settings


def flattened(message: Message) -> dict[str, Any]:
    """A reply as one flat object: kind, text, buttons, and the rest of its metadata."""
    metadata = dict(message["metadata"])
    return {
        "kind": metadata.pop("kind", None),
        "text": message["text"],
        "buttons": message.get("buttons", []),
        **metadata,
    }


def parse_line(line: str) -> tuple[str, str]:
    """The conversation and the text of one input line. Raises ValueError with what is wrong."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"this line is not JSON ({error.msg})") from error
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise ValueError('each line must be like {"conversation": "a", "text": "hello"}')
    return str(data.get("conversation", "default")), data["text"]


async def converse(lines: TextIO, out: TextIO) -> int:
    """Answer each line before the next is read. Returns the number of lines that could not be read."""
    companion = await Companion.load(settings().models_folder)
    unread = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            conversation, text = parse_line(line)
        except ValueError as error:
            unread += 1
            result: dict[str, Any] = {"error": str(error)}
        else:
            replies = await companion.say(conversation, text)
            result = {"conversation": conversation, "replies": [flattened(reply) for reply in replies]}
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()
    return unread


def run() -> int:
    """Run over standard input and output; the exit code."""
    out = sys.stdout
    sys.stdout = sys.stderr  # only answers stand on standard output; what libraries print goes elsewhere
    try:
        return 1 if asyncio.run(converse(sys.stdin, out)) else 0
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 1
