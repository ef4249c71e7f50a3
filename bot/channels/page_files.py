"""The chat page's own files, and the headers that keep everything else out of it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path

WEB_FOLDER = Path(__file__).resolve().parent.parent / "web"

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent: `packed` is the same compressed with gzip, `version` changes when the content does."""

    body: bytes
    packed: bytes
    content_type: str
    version: str


def load_static_files(folder: Path = WEB_FOLDER) -> dict[str, StaticFile]:
    """Every style, script and picture of the page by name. Raises OSError when the folder cannot be read."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in CONTENT_TYPES:
            body = path.read_bytes()
            version = sha256(body).hexdigest()[:12]
            packed = gzip.compress(body, mtime=0)
            files[path.name] = StaticFile(body, packed, CONTENT_TYPES[path.suffix], version)
    return files


def load_page(files: dict[str, StaticFile], emergency: str, help_line: str, folder: Path = WEB_FOLDER) -> bytes:
    """The page with the emergency number, how else to get help, and its files' versions written in.

    `emergency` is what to call, a number or words such as "your local emergency number".
    Raises OSError when the page cannot be read.
    """
    page = (folder / "index.html").read_text(encoding="utf-8")
    number = phone_number(emergency)
    call = f"Call {escape(emergency)}"
    if number:
        call = f'<a class="call" href="tel:{number}">{call}</a>'
    page = page.replace("{{call}}", call).replace("{{emergency}}", escape(emergency))
    page = page.replace("{{help}}", escape(help_line))
    for name, file in files.items():
        page = page.replace(f"/chat/static/{name}", f"/chat/static/{name}?v={file.version}")
    return page.encode("utf-8")


def phone_number(words: str) -> str | None:
    """The digits to dial when `words` are a phone number and nothing else, such as "911" or "0808 2000 247"."""
    digits = "".join(char for char in words if char.isdigit())
    is_number = bool(digits) and all(char.isdigit() or char in " -+()" for char in words)
    return ("+" if words.startswith("+") else "") + digits if is_number else None
