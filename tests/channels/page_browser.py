"""A person's browser as far as the chat page's server can tell, and a database that is gone."""

from __future__ import annotations

from typing import Any

import requests
from rasa.shared.core.trackers import DialogueStateTracker

from bot.records import records
from tests.channels.page_server import PageServer, UnhurriedStore


class Browser:
    """A person's browser as far as the server can tell: it keeps its cookie."""

    def __init__(self, server: PageServer) -> None:
        self.url = f"{server.url}/chat"
        self.session = requests.Session()

    def open(self) -> requests.Response:
        return self.session.get(self.url)

    def write(self, text: Any, **more: Any) -> requests.Response:
        return self.session.post(f"{self.url}/messages", json={"text": text, **more})

    def read(self, what: str) -> Any:
        return self.session.get(f"{self.url}/{what}").json()

    def restart(self) -> requests.Response:
        return self.session.post(f"{self.url}/restart", json={})


class BrokenStore(UnhurriedStore):
    """A database that cannot be reached."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        raise ConnectionError("no database")

    retrieve_full_tracker = retrieve

    @staticmethod
    def fail(*_: object) -> None:
        """Any use of it."""
        raise ConnectionError("no database")


def texts(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(message["from"], message["text"]) for message in messages]


def consents_of(conversation: str) -> list[dict[str, Any]]:
    return [row for row in records().rows("consents") if row["conversation"] == conversation]
