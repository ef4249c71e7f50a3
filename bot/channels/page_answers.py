"""What every answer of the chat page needs: security headers, the browser's cookie, plain words for a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.page_files import StaticFile, security_headers
from bot.channels.page_requests import is_framed, is_https
from bot.channels.sessions import COOKIE, FRAMED_COOKIE, Sessions, cookie_header

PREFIX = "/chat"


class Answers:
    """Makes the answers of one process. `ancestors`: the sites that may show the page in a frame, or "'none'"."""

    def __init__(self, words: Mapping[str, str], sessions: Sessions, ancestors: str) -> None:
        self.words = words
        self._sessions = sessions
        self._ancestors = ancestors

    def known_conversation(self, request: Request) -> str | None:
        """The conversation of this browser; None when its cookie is missing, forged or too old."""
        return self._sessions.opened(request.cookies.get(FRAMED_COOKIE if is_framed(request) else COOKIE))

    def conversation(self, request: Request) -> str:
        """The conversation of this browser, or a new one."""
        return self.known_conversation(request) or self.new_id()

    def new_id(self) -> str:
        """An id nobody else has."""
        return self._sessions.new()

    def private(
        self, request: Request, answer: HTTPResponse, conversation: str | None, *, renew: bool = False
    ) -> HTTPResponse:
        """Add what every answer to one person needs: no copies on the way, the security headers, and their cookie.

        The cookie is set where the browser has another one or none, or to `renew` its date. Never otherwise: a slow
        answer that arrives after "Start again" would bring the old conversation back. None takes it away.
        """
        answer.headers.update(self.headers())
        if conversation is None or renew or self.known_conversation(request) != conversation:
            value = self._sessions.sealed(conversation) if conversation else ""
            cookie = cookie_header(value, PREFIX, framed=is_framed(request), secure=is_https(request))
            answer.headers.add("Set-Cookie", cookie)
        return answer

    def whole_page(
        self, request: Request, answer: HTTPResponse, conversation: str, *, renew: bool = False
    ) -> HTTPResponse:
        """The same for a page as a whole, which the sites of the settings may frame where it is made for a frame."""
        answer = self.private(request, answer, conversation, renew=renew)
        if is_framed(request):
            del answer.headers["X-Frame-Options"]
            answer.headers.update(security_headers(self._ancestors))
        return answer

    def headers(self) -> dict[str, str]:
        """The headers of an answer that nobody may keep or frame."""
        return {**security_headers(), "Cache-Control": "no-store"}

    def refused(self) -> HTTPResponse:
        """The answer to a request that another site sent in the person's name."""
        return self.problem("not_from_here", 403)

    def problem(self, word: str, status: int) -> HTTPResponse:
        """A refusal in the words of that name."""
        return response.json({"error": self.words[word]}, status=status, headers=self.headers())


def sent(request: Request, file: StaticFile, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """A file, compressed where the browser takes it so."""
    more = {**(headers or {}), "Vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        more["Content-Encoding"] = "gzip"
    return response.raw(file.packed if packed else file.body, content_type=file.content_type, headers=more)


def mark_of(conversation: str) -> str:
    """What a page may know of a conversation's id: enough to see that it is another one."""
    return sha256(f"talk {conversation}".encode()).hexdigest()[:12]
