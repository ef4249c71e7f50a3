"""Draw every state of the chat page into docs/screenshots: `make screenshots`."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bot.quiet import be_quiet
from bot.settings import ROOT
from tests.browser.clinic import Clinic
from tests.browser.devices import QUIET
from tests.browser.states import STATES
from tests.channels.conftest import clinic_settings
from tests.channels.page_server import PageServer, ScriptedBot

FOLDER = ROOT / "docs" / "screenshots"
COLORS = 64
"""Enough for flat colors and letters; a picture stays below 60 KB."""


def draw(names: list[str], folder: Path = FOLDER) -> None:
    """Draw the states called `names`; all of them when the list is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    clinic = Clinic()
    with (
        tempfile.TemporaryDirectory() as kept,
        clinic_settings(Path(kept), embed_origins=clinic.url, text_number="555 0199"),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for name in names or list(STATES):
            server = PageServer(ScriptedBot())
            server.start()
            clinic.chat = server.url

            def open_page(at: str | None = None, before: str | None = None, **more: object) -> Page:
                context = browser.new_context(**more)  # type: ignore[arg-type]
                if before:
                    context.add_init_script(before)
                page = context.new_page()
                page.goto(at or f"{server.url}/chat")  # noqa: B023 (used at once)
                if at is None and more.get("java_script_enabled", True):
                    page.get_by_text("What would you like to know?").wait_for()
                return page

            page = STATES[name].opened(open_page, clinic)
            save(page.screenshot(), folder / f"{name}.png")
            page.context.close()
            server.stop()
            print(name, flush=True)
    clinic.close()


def save(picture: bytes, path: Path) -> None:
    """Write a picture with few colors, so that it stays small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    be_quiet()
    draw(sys.argv[1:])
