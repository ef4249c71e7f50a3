"""The chat page's own files, and the headers that keep everything else out of it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from knowledge.files import ContentError, Problem

WEB_FOLDER = Path(__file__).resolve().parent.parent / "web"
EMBED_FILE = "embed.js"
WORDS_FILE = "words.js"
"""Made of the page's words; not a file in the folder."""

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_USED_BY_SCRIPT = re.compile(r"(?<!/)\bwords\.(\w+)")
_USED_BY_PAGE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent; `packed` is the same compressed with gzip."""

    body: bytes
    packed: bytes
    content_type: str


@dataclass(frozen=True)
class Page:
    """Everything the page consists of. `version` changes when any of it does, so browsers may keep files for good."""

    html: StaticFile
    files: Mapping[str, StaticFile]
    version: str


def security_headers(ancestors: str = "'none'") -> dict[str, str]:
    """What every answer forbids. `ancestors` are the sites that may show it in a frame.

    Trusted types make the browser itself refuse any text put in as HTML.
    """
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
            f"frame-ancestors {ancestors}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"
    return headers


def allowed_origins(setting: str | None) -> str:
    """The sites of the setting `embed_origins` as a Content-Security-Policy names them; 'none' without any.

    Raises ValueError for what is not an origin: a page's address, a pattern, a name without https://.
    """
    origins = (setting or "").split()
    for origin in origins:
        parts = urlsplit(origin)
        is_origin = parts.scheme in ("http", "https") and re.fullmatch(
            r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", parts.netloc
        )
        if not is_origin or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(
                f"CLONUS_EMBED_ORIGINS holds '{origin}', which is not a site such as https://clinic.example. "
                "Write scheme and host only, several apart by spaces."
            )
    return " ".join(origins) or "'none'"


def load_page(words: Mapping[str, str], prefix: str, emergency: str, ways: str, folder: Path = WEB_FOLDER) -> Page:
    """The page with its words, the emergency number, and its other files.

    `emergency` is what to call, a number or words such as "your local emergency number"; `ways` is HTML with the other
    ways to get help. Raises ContentError when a file uses a word that `words` lacks, OSError when one cannot be read.
    """
    template = (folder / "index.html").read_text(encoding="utf-8")
    sources = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in CONTENT_TYPES}
    _all_there(words, template, sources, folder)
    sources[WORDS_FILE] = f"export const words = {json.dumps(dict(words))};\n".encode()
    sources[EMBED_FILE] = _with_words(sources[EMBED_FILE].decode("utf-8"), words)
    version = sha256(template.encode() + b"\0".join(sources.values())).hexdigest()[:12]
    values = {
        **{name: escape(text) for name, text in words.items()},
        "static": f"{prefix}/static/{version}",
        "call_link": _call_link(words["call"], emergency),
        "ways": ways,
    }
    html = _USED_BY_PAGE.sub(lambda found: values[found[1]], template)
    files = {name: _packed(body, CONTENT_TYPES[Path(name).suffix]) for name, body in sources.items()}
    return Page(_packed(html.encode("utf-8"), "text/html; charset=utf-8"), files, version)


def phone_number(words: str) -> str | None:
    """The digits to dial when `words` are a phone number and nothing else, such as "911" or "0808 2000 247"."""
    digits = "".join(char for char in words if char.isdigit())
    is_number = bool(digits) and all(char.isdigit() or char in " -+()" for char in words)
    return ("+" if words.startswith("+") else "") + digits if is_number else None


def paragraphs(texts: list[str]) -> str:
    """Plain texts as HTML paragraphs."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)


def _packed(body: bytes, content_type: str) -> StaticFile:
    return StaticFile(body, gzip.compress(body, mtime=0), content_type)


def _call_link(words: str, emergency: str) -> str:
    number, call = phone_number(emergency), escape(words.replace("{number}", emergency))
    return f'<a class="call" href="tel:{number}">{call}</a>' if number else call


def _with_words(script: str, words: Mapping[str, str]) -> bytes:
    used = {name: words[name] for name in sorted(set(_USED_BY_SCRIPT.findall(script)))}
    return script.replace('"{{words}}"', json.dumps(used)).encode()


def _all_there(words: Mapping[str, str], template: str, sources: Mapping[str, bytes], folder: Path) -> None:
    """Complain about words that are used and not there. Raises ContentError."""
    own = {"static", "call_link", "ways"}
    used = {"index.html": set(_USED_BY_PAGE.findall(template)) - own}
    for name, body in sources.items():
        used[name] = set(_USED_BY_SCRIPT.findall(body.decode("utf-8"))) if name.endswith(".js") else set()
    problems = [
        Problem(folder / name, 1, f"the page says '{word}', which knowledge/page.yml does not have")
        for name, names in used.items()
        for word in sorted(names - set(words))
    ]
    if problems:
        raise ContentError(problems)
