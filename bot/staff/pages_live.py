"""The stream by which open pages hear that something changed, and the console's own files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response, StreamingResponse

from bot.staff import accounts, sessions
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.visit import Problem, Visit, not_found

routes = Routes()

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".wav": "audio/wav"}
LOOK_AROUND_SECONDS = 15.0
MOST_LISTENERS = 300


@routes.get("/events", Permission.SIGNED_IN)
async def events(visit: Visit) -> Response:
    """Server-sent events `changed` with the topic's name: /events?topic=one&topic=two."""
    topics = visit.request.query_params.getlist("topic")
    if not topics:
        raise not_found("No topic was named.")
    for topic in topics:
        needs = visit.console.live.needs(topic)
        if needs is None:
            raise not_found("There is no such stream.")
        if not visit.may(needs):
            raise Problem(403, "Not allowed", "Your role does not include this.")
    if visit.console.live.listening >= MOST_LISTENERS:
        raise Problem(503, "Too many open pages", "This page does not renew itself now. Load it again by hand.")
    return StreamingResponse(_stream(visit, topics), media_type="text/event-stream")


async def _stream(visit: Visit, topics: list[str]) -> AsyncIterator[str]:
    yield "retry: 3000\n\n"
    async for topic in visit.console.live.changes(topics, LOOK_AROUND_SECONDS):
        if await run_in_threadpool(_is_over, visit, topics):
            return
        yield ": still here\n\n" if topic is None else f"event: changed\ndata: {topic}\n\n"


def _is_over(visit: Visit, topics: list[str]) -> bool:
    """Whether the person was signed out since, or may no longer hear all of it."""
    with visit.console.database.reading() as connection:
        session = sessions.find(connection, visit.token, visit.now, visit.console.limits)
        account = accounts.by_id(connection, session.account) if session else None
    if account is None or not account.active:
        return True
    needed = [visit.console.live.needs(topic) for topic in topics]
    return any(permission is None or not account.may(permission) for permission in needed)


@routes.get("/static/{name}", Permission.ANYONE)
def file(visit: Visit) -> Response:
    """A style sheet, script or picture."""
    path = FOLDER / visit.path("name")
    if path.parent != FOLDER or path.suffix not in KINDS or not path.is_file():
        raise not_found("There is no such file.")
    return FileResponse(path, media_type=KINDS[path.suffix], headers={"Cache-Control": "no-cache"})


@routes.get("/health", Permission.ANYONE)
def health(visit: Visit) -> Response:
    """Whether the console serves and reaches its data."""
    with visit.console.database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    return Response("ok", media_type="text/plain")
