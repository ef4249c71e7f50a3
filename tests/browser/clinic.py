"""A clinic's own site with the chat on it: another origin, a strict policy, and styles that spoil what they reach."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en"><head><title>Clinic</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/{style}.css"></head>
<body><main><h1>Our clinic</h1><p>We are here for you.</p>{script}</main></body></html>"""

STYLES = {
    "kind": "clonus-chat { --clonus-brand: #7a1fa2; } body { font-family: sans-serif; min-height: 1500px; }",
    "pale": "clonus-chat { --clonus-brand: #ffe9a8; } body { font-family: sans-serif; }",
    "hostile": """
        * { all: unset !important; display: none !important; opacity: 0 !important; pointer-events: none !important;
            font-size: 2px !important; color: transparent !important; position: static !important;
            width: 1px !important; }
        html, body, main { display: block !important; opacity: 1 !important; width: auto !important; }
        clonus-chat, iframe, button, div, body > * { visibility: hidden !important;
            transform: rotate(180deg) !important; }
    """,
}


class Clinic:
    """Serves /MODE/STYLE: MODE is corner, left or inline; STYLE is one of STYLES. `chat` is the bot's address."""

    def __init__(self) -> None:
        self.chat = ""
        clinic = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name http.server asks for
                body, kind = clinic.answer(self.path)
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; style-src 'self'; script-src {clinic.chat}; frame-src {clinic.chat}",
                )
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}"
        self.other_url = f"http://127.0.0.1:{self._server.server_port}"
        """The same site under a name that is not in the bot's settings."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[str, str]:
        """What stands at a path, and its type."""
        if path.endswith(".css"):
            return STYLES.get(path[1:-4], ""), "text/css"
        if path.count("/") != 2:
            return "", "text/plain"
        _, mode, style = path.split("/")
        more = {"inline": ' data-mode="inline"', "left": ' data-side="left"'}.get(mode, "")
        script = f'<script src="{self.chat}/chat/embed.js"{more} async></script>'
        return PAGE.format(style=style, script=script), "text/html"
