"""Rasa answers without what trains and tests; whoever uses that finds it loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bot.settings import ROOT

ANSWERING = """
import asyncio, json, sys
from bot.channels.in_process import Companion
from bot.settings import settings

async def ask():
    companion = await Companion.load(settings().models_folder)
    return [reply["metadata"].get("topic") for reply in await companion.say("one", "why does my foot bounce?")]

topics = asyncio.run(ask())
print(json.dumps([topics, [name for name in ("tensorflow", "keras", "matplotlib") if name in sys.modules]]))
"""

USING = """
import bot, sys
import rasa.utils.train_utils
before = "tensorflow" in sys.modules
from rasa.utils.train_utils import rank_and_mask
print(before, rank_and_mask.__module__, "tensorflow" in sys.modules)
"""

NOT_THERE = """
import bot
import rasa.utils.train_utils
print(hasattr(rasa.utils.train_utils, "no_such_thing"), rasa.utils.train_utils.__spec__.name)
"""


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()[-1]


def test_a_question_is_answered_without_loading_what_trains() -> None:
    assert json.loads(run(ANSWERING)) == [["foot-bounce"], []]


def test_what_trains_is_loaded_when_it_is_used() -> None:
    assert run(USING) == "False rasa.utils.train_utils True"


def test_what_is_not_there_is_missing_as_in_any_module() -> None:
    assert run(NOT_THERE) == "False rasa.utils.train_utils"
