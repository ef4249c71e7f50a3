"""The chat server: its channels, and that it is there for people also without a model."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from bot.channels.server import channels
from bot.commands.processes import answers, stop
from bot.engine.servers import free_port
from bot.settings import ROOT


def test_its_channels_are_those_of_the_credentials() -> None:
    assert [channel.name() for channel in channels(ROOT / "credentials.yml")] == [
        "rest", "web", "sms_twilio", "sms_vonage", "sms_loopback", "short_links",
    ]  # fmt: skip


def test_an_unknown_channel_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "credentials.yml"
    wrong.write_text("bot.channels.rest.NoSuchChannel: {}\n")
    with pytest.raises((ImportError, AttributeError), match="NoSuchChannel"):
        channels(wrong)


def test_without_a_model_the_page_is_there_and_a_danger_is_still_answered(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "models").mkdir()
    command = [sys.executable, "-m", "bot.channels.server", "--model", str(tmp_path / "models")]
    command += ["--port", str(port)]
    own = {
        "CLONUS_CONVERSATIONS_DATABASE": f"sqlite:///{tmp_path / 'conversations.db'}",
        "CLONUS_RECORDS_PATH": str(tmp_path / "records.db"),
        "CLONUS_SMS_DATABASE": f"sqlite:///{tmp_path / 'texts.db'}",
    }
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while not answers(f"{address}/status"):
            assert server.poll() is None, (tmp_path / "log").read_text()[-2000:]
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()[-2000:]
            time.sleep(0.2)
        assert requests.get(f"{address}/status", timeout=10).json() == {"model": None}
        assert requests.get(address, timeout=10).url == f"{address}/chat/"
        message = {"sender": "one", "message": "my face droops and my arm is weak since ten minutes"}
        replies = requests.post(f"{address}/webhooks/rest/webhook", json=message, timeout=30).json()
        first = replies[0]["metadata"]
        assert (first["kind"], first["level"], first["category"]) == ("escalation", "emergency", "new-stroke")
    finally:
        stop({"chat": server})
