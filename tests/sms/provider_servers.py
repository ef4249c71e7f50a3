"""A provider simulator over real HTTP on this machine: it takes texts as Twilio and Vonage do, and fails as they do.

The official client libraries talk to it: only the address they connect to is changed, below their own code.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter


@dataclass(frozen=True)
class Failure:
    """How an attempt fails. `taken`: the text goes out all the same. `seconds`: the answer comes so late."""

    status: int = 503
    body: dict[str, Any] = field(default_factory=dict)
    taken: bool = False
    seconds: float = 0.0


class ProviderServer:
    """`came` holds what reached phones: (to, text, fields). `failures` are what the next attempts come to."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, dict[str, str]]] = []
        self.failures: deque[Failure] = deque()
        self.attempts = 0
        self._received: list[dict[str, Any]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                fields = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
                self._answer(*server.take(self.path, fields))

            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                self._answer(200, server.listed(query))

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    pass  # the client did not wait

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Take a text, or fail as told."""
        self.attempts += 1
        failure = self.failures.popleft() if self.failures else None
        if failure is None or failure.taken:
            self.came.append((fields.get("To") or fields["to"], fields.get("Body") or fields["text"], fields))
        if failure is not None:
            time.sleep(failure.seconds)
            if not (failure.taken and failure.status == 200):
                return failure.status, failure.body
        name = f"{self.attempts:032x}"
        if path.endswith("/Messages.json"):
            return 201, {"sid": f"SM{name}", "status": "queued", "body": fields["Body"], "to": fields["To"]}
        return 200, {"message-count": "1", "messages": [{"status": "0", "message-id": name, "to": fields["to"]}]}

    def receives(self, message_id: str, sender: str, to: str, text: str, at: float, pictures: int = 0) -> None:
        """Get a text from a phone without telling us by a webhook."""
        self._received.append(
            listed(message_id, to, text, "received", at)
            | {"from": sender, "direction": "inbound", "num_media": str(pictures)}
        )

    def listed(self, query: dict[str, str]) -> dict[str, Any]:
        """Twilio's list of the texts to a number, newest first."""
        sent = [
            listed(f"SM{number:032x}", to, text, "sent", time.time())
            for number, (to, text, _) in enumerate(self.came, start=1)
        ]
        found = [message for message in (*self._received, *sent) if message["to"] == query.get("To")]
        return {"messages": found[::-1], "uri": "/", "next_page_uri": None, "page": 0, "page_size": 20}


def listed(message_id: str, to: str, text: str, status: str, at: float) -> dict[str, Any]:
    """A message as Twilio lists it."""
    when = format_datetime(datetime.fromtimestamp(at, timezone.utc))
    return {"sid": message_id, "to": to, "body": text, "status": status, "date_created": when, "date_sent": when,
            "direction": "outbound-api", "num_media": "0"}  # fmt: skip


class Rerouted(HTTPAdapter):
    """Sends what is meant for a provider's host to the simulator."""

    def __init__(self, url: str) -> None:
        super().__init__(max_retries=0)
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        target = urlsplit(request.url or "")
        request.url = f"{self._url}{target.path}" + (f"?{target.query}" if target.query else "")
        return super().send(request, *args, **kwargs)
