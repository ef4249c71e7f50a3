"""`clonus sms-sim`: a phone in the terminal, through everything a real text goes through but the air."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from bot.channels.in_process import Companion, ModelMissing
from bot.channels.sessions import signing_key
from bot.channels.sms.identity import Identity, international
from bot.channels.sms.loopback import Loopback, signed
from bot.channels.sms.segments import segmented
from bot.channels.sms.service import TextService
from bot.channels.sms.store import Store
from bot.channels.sms.webhooks import Incoming
from bot.replies.content import content
from bot.settings import ROOT, settings
from knowledge.text_messages import load_text_messages

PICTURE = re.compile(r":picture:?\s*", re.I)
LEAVE = ":leave"
WAIT_SECONDS = 20.0
QUIET_SECONDS = 1.0
"""How long after a text the next one may come."""


@dataclass(frozen=True)
class Typed:
    """What was typed: words, and pictures."""

    text: str
    pictures: int = 0
    message_id: str = field(default_factory=lambda: uuid.uuid4().hex)


Line = Callable[[Typed], Awaitable[list[str]]]
"""Sends what was typed; the texts that come back."""


def typed(line: str) -> Typed:
    """A line of the terminal. ":picture" at its beginning stands for a picture, with or without words."""
    if PICTURE.match(line):
        return Typed(PICTURE.sub("", line, count=1), 1)
    return Typed(line)


class InProcessLine:
    """A bot inside this process, with a store of its own that goes when the phone is put away."""

    def __init__(self, companion: Companion, number: str, folder: Path) -> None:
        store = Store(f"sqlite:///{folder / 'texts.db'}")
        self._service = TextService(store, Identity(uuid.uuid4().hex), content(), load_text_messages(),
                                    public_url=settings().public_url)  # fmt: skip
        self._provider = Loopback(uuid.uuid4().hex)
        self._service.add(self._provider)
        self._service.connect(companion.handle, lambda: companion.agent)
        self._number = number

    async def __call__(self, message: Typed) -> list[str]:
        incoming = Incoming(message.message_id, self._number, message.text, message.pictures)
        await self._service.receive(self._provider, incoming)
        await self._service.settle()
        return await self._provider.fetch(self._number, 0.01)


class HttpLine:
    """A running bot on this machine, by its loopback connector."""

    def __init__(self, url: str, number: str, key: str) -> None:
        self._url, self._number, self._key = url.rstrip("/"), number, key

    async def __call__(self, message: Typed) -> list[str]:
        body = {"id": message.message_id, "from": self._number, "text": message.text, "pictures": message.pictures}
        await asyncio.to_thread(self._post, "incoming", body)
        texts: list[str] = []
        wait = WAIT_SECONDS
        while found := (await asyncio.to_thread(self._post, "fetch", {"phone": self._number, "wait": wait}))["texts"]:
            texts += found
            wait = QUIET_SECONDS
        return texts

    def _post(self, place: str, body: dict[str, Any]) -> Any:
        data = json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self._url}/webhooks/sms/loopback/{place}", data, signed(self._key, data, time.time())
        )
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 10) as answer:
            said = answer.read()
        return json.loads(said) if said else None


def show(console: Console, text: str) -> int:
    """Print one text as a phone would, with what it costs; its segments."""
    cut = segmented(text)
    count = len(cut.segments)
    title = f"{len(text)} characters, {count} segment{'s' if count > 1 else ''}, {cut.encoding.value}"
    console.print(Panel(escape(text), width=min(console.width, 62), subtitle=title, subtitle_align="right"))
    return count


async def talk(console: Console, line: Line) -> None:
    """Read lines until the person leaves. Sums up what was sent."""
    console.print(f'Type a text. ":picture" sends a picture. Leave with Ctrl-D or "{LEAVE}".', style="dim")
    texts = segments = turns = 0
    while True:
        try:
            said = await asyncio.to_thread(console.input, "[bold]Text:[/bold] ")
        except (EOFError, KeyboardInterrupt):
            break
        if said.strip() == LEAVE:
            break
        turns += 1
        came = await line(typed(said))
        if not came:
            console.print("(no text came back)", style="dim")
        for text in came:
            segments += show(console, text)
            texts += 1
    console.print(f"{turns} sent, {texts} received in {segments} segments.", style="dim")


async def simulate(url: str | None, number: str) -> None:
    """Talk to a running bot, or to one inside this process."""
    console = Console(highlight=False)
    if url is not None:
        await talk(console, HttpLine(url, number, signing_key(None, ROOT / "var" / "loopback.key")))
        return
    console.print("Loading. This takes about half a minute ...", style="dim")
    companion = await Companion.load(settings().models_folder)
    with TemporaryDirectory() as folder:
        await talk(console, InProcessLine(companion, number, Path(folder)))


def run(url: str | None, number: str) -> int:
    """Simulate until the person leaves; the exit code."""
    phone = international(number)
    if phone is None:
        print(f"{number} is not an international phone number. Write it like +14155550100.", file=sys.stderr)
        return 1
    try:
        asyncio.run(simulate(url, phone))
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 1
    except urllib.error.URLError as error:
        print(f"No running bot answers at {url} ({error.reason}). Start it with: clonus run", file=sys.stderr)
        return 1
    return 0
