"""Ask the running bot what it would say. The trial leaves nothing behind (bot/trial.py)."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings
from bot.trial import new_trial

SECONDS = 12.0
LONGEST = 1000
"""Characters of a message that are asked."""


class BotSilent(Exception):
    """The bot could not be asked: what is wrong and what to do."""


@dataclass(frozen=True)
class Said:
    """What the bot answered to a message that begins a conversation, and what it made of it.

    `verdict` is the safety screen's (bot/safety/record.py), None without danger. `reading` is empty when the turn
    failed and the guard answered.
    """

    text: str
    replies: Sequence[Mapping[str, Any]]
    verdict: Mapping[str, Any] | None
    reading: Mapping[str, Any]


def chat_address(here: Settings) -> str:
    """Where the chat answers on this machine, or as the settings say."""
    host = "127.0.0.1" if here.host in ("0.0.0.0", "::", "") else here.host
    return (here.staff_chat_url or f"http://{host}:{here.chat_port}").rstrip("/")


def ask(here: Settings, text: str) -> Said:
    """Say `text` to the running bot as the first message of a conversation. Raises BotSilent."""
    text = text[:LONGEST]
    address = chat_address(here)
    body = json.dumps({"sender": new_trial(), "message": text}).encode()
    request = urllib.request.Request(
        f"{address}/webhooks/rest/trial", body, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        error.close()
        raise BotSilent(
            f"The chat at {address} refused the question ({error.code}). It and the console must share one "
            "CLONUS_STAFF_SECRET, or one var folder."
        ) from error
    except (OSError, ValueError) as error:
        raise BotSilent(f"The chat at {address} does not answer. Start it with: clonus run") from error
    return Said(text, answer["replies"], answer["verdict"], answer["reading"] or {})
