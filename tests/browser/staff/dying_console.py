"""A console process that dies in the middle of a reply when the file `die` in the folder of its data says so: "before"
the message is kept, or "after" it was, in both cases before the browser hears anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from bot.settings import Settings
from bot.staff.app import create_app
from bot.staff.console import Console
from bot.staff.conversations import Conversations
from bot.staff.desk import Desk


def main(folder: Path, port: int) -> None:
    """Serve until death."""
    console = Console.open(Settings())
    console.desk.conversations = Conversations(lambda: f"sqlite:///{folder / 'conversations.db'}")
    console.desk.warm()
    keep = Desk.changing

    def die(when: str, visit: Any) -> None:
        order = folder / "die"
        if visit.request.url.path.endswith("/say") and order.exists() and order.read_text() == when:
            order.unlink()
            os._exit(1)

    @contextmanager
    def changing(self: Desk, visit: Any) -> Iterator[Any]:
        with keep(self, visit) as both:
            yield both
            die("before", visit)
        die("after", visit)

    Desk.changing = changing  # type: ignore[method-assign]
    uvicorn.run(create_app(console), port=port, log_level="warning", lifespan="off", ws="none")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
