"""A whole bot in a process of its own, its conversations in a database file: JSON lines in, JSON lines out.

Run by test_restart.py, which ends it in the middle of a check-in as a power cut would.
"""

from __future__ import annotations

import asyncio
import json
import sys

from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints

from bot.channels.in_process import Companion, InProcessActions
from bot.engine.lock_store import Locks
from bot.engine.tracker_store import Conversations
from bot.settings import settings


async def companion_on(database: str) -> Companion:
    """A whole bot that keeps its conversations in this file."""
    store = Conversations(url=f"sqlite:///{database}")
    endpoints = AvailableEndpoints(action=InProcessActions(), tracker_store=store, lock_store=Locks())
    return Companion(await load_agent(str(settings().models_folder), endpoints=endpoints), 60.0)


async def answer_lines(database: str) -> None:
    """Answer each line of standard input: `[conversation, text]` in, the messages out."""
    out, sys.stdout = sys.stdout, sys.stderr
    companion = await companion_on(database)
    for line in sys.stdin:
        conversation, text = json.loads(line)
        out.write(json.dumps(await companion.say(conversation, text)) + "\n")
        out.flush()


if __name__ == "__main__":
    asyncio.run(answer_lines(sys.argv[1]))
