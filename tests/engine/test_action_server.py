"""The action server is ready when it serves: it has read what it answers from, and nothing that it does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

UNDERSTANDING = ("tensorflow", "spacy", "sklearn", "scipy", "onnxruntime")
STARTING = f"""
import json, sys
from rasa_sdk.executor import ActionExecutor
ActionExecutor().register_package("actions")
from bot.replies.check_in import interview, result_talk
from bot.replies.content import content
read = [part.cache_info().currsize for part in (content, interview, result_talk)]
topics = len(content()._topics)
print(json.dumps([read, topics, [name for name in {UNDERSTANDING} if name in sys.modules]]))
"""


def starting(library: Path) -> str:
    """What an action server has read and loaded once it has its actions, with the library at this place."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", STARTING],
        cwd=ROOT,
        env={**os.environ, "CLONUS_LIBRARY_PATH": str(library)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_everything_is_read_before_the_first_action() -> None:
    assert starting(ROOT / "var" / "knowledge.db") == "[[1, 1, 1], 71, []]\n"


def test_a_missing_library_does_not_stop_the_start(tmp_path: Path) -> None:
    assert starting(tmp_path / "away.db") == "[[1, 1, 1], 0, []]\n"
