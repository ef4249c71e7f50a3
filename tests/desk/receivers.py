"""A webhook and a mail server on this machine that keep what they are given, and can be told to refuse."""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    """`answers` are the next status codes, 200 when empty; `came` every delivery that was taken."""

    answers: deque[int] = field(default_factory=deque)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: int = 0

    def start(self) -> Webhook:
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                webhook.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = webhook.answers.popleft() if webhook.answers else 200
                if status == 200:
                    webhook.came.append((dict(self.headers), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/alerts"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class MailServer:
    """Speaks as much SMTP as a sender needs. `came` is every mail: from, to, and the mail itself."""

    came: list[tuple[str, list[str], Message]] = field(default_factory=list)

    def start(self) -> MailServer:
        mails = self.came

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sender, to = "", []
                self.wfile.write(b"220 test\r\n")
                for line in self.rfile:
                    command = line.strip().upper()
                    if command.startswith(b"MAIL"):
                        sender = _address(line)
                    elif command.startswith(b"RCPT"):
                        to.append(_address(line))
                    elif command == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        body = b"".join(iter(self.rfile.readline, b".\r\n"))
                        mails.append((sender, to, message_from_bytes(body)))
                    elif command == b"QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    self.wfile.write(b"250 ok\r\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _address(line: bytes) -> str:
    return line.decode().partition("<")[2].partition(">")[0]
