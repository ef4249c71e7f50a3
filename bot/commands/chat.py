"""`clonus chat`: talk to the bot in the terminal."""

from __future__ import annotations

import asyncio
import sys
import uuid

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from bot.channels.in_process import Companion, ModelMissing
from bot.channels.running_turn import Message
from bot.settings import settings

STYLES = {"escalation": "bold red", "result": "green", "question": "cyan", "clarify": "cyan"}
LEAVE = {"exit", "bye bye"}


def show(console: Console, message: Message) -> None:
    """Print one reply with its choices."""
    style = STYLES.get(message["metadata"].get("kind", ""), "none")
    console.print(Panel(escape(message["text"]), border_style=style, title="Clonus Companion", title_align="left"))
    titles = [button["title"] for button in message.get("buttons", [])]
    if titles:
        console.print("  " + escape("   ".join(f"[{title}]" for title in titles)), style="dim")


async def chat() -> None:
    """Read lines until the person leaves."""
    console = Console(highlight=False, width=min(Console().width, 90))
    console.print("Loading. This takes about half a minute ...", style="dim")
    companion = await Companion.load(settings().models_folder)
    console.print('Type as you would to a friend. Leave with Ctrl-D or "exit".', style="dim")
    conversation = uuid.uuid4().hex
    for reply in await companion.say(conversation, "hello"):
        show(console, reply)
    while True:
        try:
            text = await asyncio.to_thread(console.input, "[bold]You:[/bold] ")
        except (EOFError, KeyboardInterrupt):
            break
        if text.strip().casefold() in LEAVE:
            break
        for reply in await companion.say(conversation, text):
            show(console, reply)
    console.print("Goodbye, and take care.")


def run() -> int:
    """Chat until the person leaves; the exit code."""
    try:
        asyncio.run(chat())
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 1
    return 0
