"""Templates: how pages are drawn, and the few forms in which values are shown."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "templates"


def when(at: float | None) -> str:
    """A moment in words, in the service's own time zone; "never" for None."""
    return datetime.fromtimestamp(at).astimezone().strftime("%d %b %Y, %H:%M") if at is not None else "never"


def machine_time(at: float) -> str:
    """A moment for the `datetime` attribute of a `time` element."""
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="seconds")


def when_text(at: str | None) -> str:
    """The same for a time as the records hold it."""
    return when(datetime.fromisoformat(at).timestamp() if at is not None else None)


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 segment", "2 segments"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def environment() -> Environment:
    """Templates that escape everything, and in which a name that is missing is a mistake."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"when": when, "machine_time": machine_time, "when_text": when_text}
    made.globals |= {"plural": plural}
    return made
