"""The console's process and its commands, as whoever runs the service uses them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT

HEAVY = ("rasa", "tensorflow", "sanic", "spacy", "sklearn", "scipy", "onnxruntime")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A console of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **os.environ,
        "CLONUS_STAFF_PORT": str(port),
        "CLONUS_STAFF_DATABASE": f"sqlite:///{tmp_path / 'staff.db'}",
        "CLONUS_STAFF_SECRET": "a secret of the tests",
        "CLONUS_MODELS_FOLDER": str(tmp_path / "models"),
    }


def clonus(environment: dict[str, str], *words: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    program = "import sys; from bot.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_nothing_heavy_is_loaded_before_the_console_serves() -> None:
    program = f"import sys, bot.staff.serving; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_console_serves_prints_the_first_link_and_ends_when_told(environment: dict[str, str]) -> None:
    program = "from bot.cli import main; main()"
    serving = subprocess.Popen(
        [sys.executable, "-u", "-W", "ignore", "-c", program, "staff"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().strip()
        link = re.findall(r"http\S+/join/\S+", serving.stdout.readline())
        url = f"http://127.0.0.1:{environment['CLONUS_STAFF_PORT']}"
        assert (address, len(link)) == (f"Staff console: {url}", 1)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"{url}/health")
                break
            except httpx.TransportError:
                time.sleep(0.2)
        assert answer.text == "ok"
        assert httpx.get(link[0]).status_code == 200
        assert clonus(environment, "staff") == (
            1,
            f"Port {environment['CLONUS_STAFF_PORT']} is in use. Stop that program, or choose another: "
            f"CLONUS_STAFF_PORT={int(environment['CLONUS_STAFF_PORT']) + 1} clonus staff\n",
        )
        code, newer = clonus(environment, "staff", "link")
        assert code == 0
        assert [httpx.get(one).status_code for one in (link[0], newer.strip())] == [410, 200]
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) in (0, -signal.SIGTERM)


def test_a_database_that_cannot_be_reached_is_named(environment: dict[str, str]) -> None:
    environment["CLONUS_STAFF_DATABASE"] = "postgresql://clonus@127.0.0.1:9/nothing"
    code, said = clonus(environment, "staff", "link")
    assert (code, said.startswith("The console's data cannot be reached: ")) == (1, True)
    assert "Traceback" not in said


def test_a_key_that_is_too_short_is_refused(environment: dict[str, str]) -> None:
    environment["CLONUS_STAFF_SECRET"] = "short"
    code, said = clonus(environment, "staff", "--no-link")
    assert (code, said) == (
        1,
        "The staff console cannot start: CLONUS_STAFF_SECRET must hold at least 16 characters.\n",
    )
