"""Before `clonus run` starts anything: ports, addresses and the processes."""

from __future__ import annotations

import io
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from bot.commands import processes
from bot.commands.cluster import NGINX_CONFIGURATION
from bot.commands.processes import LIGHT_THREADS, Processes, answers
from bot.commands.run import port_is_free, programs, taken_port, write_endpoints
from bot.engine.servers import Program, free_port, listens, nginx, upstreams, wait_for
from bot.settings import ROOT, Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def free() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def kept_endpoints() -> Iterator[None]:
    """The endpoints of a running bot, put back after the test."""
    path = ROOT / "var" / "endpoints.yml"
    before = path.read_bytes() if path.is_file() else None
    yield
    if before is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(before)


def test_a_port_is_free_until_a_program_listens_on_it(taken: int, free: int) -> None:
    assert (port_is_free("127.0.0.1", free), port_is_free("127.0.0.1", taken)) == (True, False)


def test_asking_whether_a_port_is_free_does_not_take_it(free: int) -> None:
    assert [port_is_free("127.0.0.1", free) for _ in range(3)] == [True, True, True]


def test_an_address_of_another_machine_is_not_free(free: int) -> None:
    assert not port_is_free("192.0.2.1", free)


def test_a_taken_port_is_named_with_the_way_out(taken: int, free: int) -> None:
    assert taken_port(Settings(chat_port=free, actions_port=free, staff_port=taken)) == (
        f"Port {taken} is in use. Stop that program, or choose another: CLONUS_STAFF_PORT={taken + 1} make run"
    )
    assert taken_port(Settings(chat_port=taken, actions_port=free)) == (
        f"Port {taken} is in use. Stop that program, or choose another: CLONUS_CHAT_PORT={taken + 1} make run"
    )
    assert taken_port(Settings(chat_port=free, actions_port=taken)) == (
        f"Port {taken} is in use. Stop that program, or choose another: CLONUS_ACTIONS_PORT={taken + 1} make run"
    )


def test_free_ports_need_no_advice(free: int) -> None:
    assert taken_port(Settings(chat_port=free, actions_port=free, staff_port=free)) is None


def test_nothing_answers_at_a_free_port(free: int) -> None:
    assert not answers(f"http://127.0.0.1:{free}/status")


def test_endpoints_are_those_of_the_project_with_the_port_of_this_start(kept_endpoints: None) -> None:
    expected = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    expected["action_endpoint"]["url"] = "http://127.0.0.1:6123/webhook"
    assert yaml.safe_load(write_endpoints(Settings(actions_port=6123)).read_text()) == expected


def test_the_bot_is_an_action_server_for_this_machine_a_chat_and_the_staff_console() -> None:
    here = Settings(chat_port=6001, actions_port=6002, host="0.0.0.0")
    found = programs(here, Path("models/one.tar.gz"), Path("var/endpoints.yml"))
    assert {name: program.command for name, program in found.items()} == {
        "actions": [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", "6002"],
        "chat": [
            sys.executable, "-m", "bot.channels.server", "--model", "models/one.tar.gz",
            "--endpoints", "var/endpoints.yml", "--port", "6001", "--interface", "0.0.0.0",
        ],
        "staff": [sys.executable, "-m", "bot.staff"],
    }  # fmt: skip


def test_matrix_libraries_do_not_take_the_cores_from_each_other() -> None:
    for program in programs(Settings(), Path("one.tar.gz"), Path("endpoints.yml")).values():
        assert {program.environment[name] for name in LIGHT_THREADS} == {"1"}


def test_a_process_that_ends_is_started_again_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(processes, "AGAIN_SECONDS", 0.05)
    said = io.StringIO()
    both = {"actions": Program(["false"]), "chat": Program(["sleep", "60"])}
    running = Processes(both, tmp_path, Console(file=said, width=200))
    running.start()
    chat = running.running["chat"]
    try:
        running.keep_running()

        assert said.getvalue().splitlines() == [
            *[f"The actions process ended by itself and is started again; see {tmp_path}/actions.log"] * 3,
            f"The actions process keeps ending by itself; see {tmp_path}/actions.log",
        ]
        assert (running.running["chat"] is chat, chat.poll()) == (True, None)
    finally:
        running.stop()


def test_a_killed_nginx_comes_back_though_it_left_its_workers_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "POLL_SECONDS", 0.05)
    port = free_port()
    front = nginx(tmp_path / "nginx", NGINX_CONFIGURATION, upstreams([1], [1]), {"chat": port, "actions": free_port()})
    running = Processes({"nginx": front}, tmp_path, Console(file=io.StringIO()))
    running.start()
    first = running.running["nginx"]
    watching = threading.Thread(target=running.keep_running)
    watching.start()
    try:
        wait_for(first, running.log("nginx"), port)
        first.kill()
        first.wait()
        deadline = time.monotonic() + 20
        while running.running["nginx"] is first and time.monotonic() < deadline:
            time.sleep(0.05)
        wait_for(running.running["nginx"], running.log("nginx"), port)
        assert "Address already in use" not in running.log("nginx").read_text()
    finally:
        running.stop()
        watching.join(20)
    assert not listens(port)


def test_people_are_answered_on_when_the_staff_console_cannot_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(processes, "AGAIN_SECONDS", 0.05)
    said = io.StringIO()
    both = {"staff": Program(["false"]), "chat": Program(["sleep", "60"])}
    running = Processes(both, tmp_path, Console(file=said, width=200), may_be_missing=("staff",))
    running.start()
    watching = threading.Thread(target=running.keep_running)
    watching.start()
    try:
        watching.join(4)
        assert said.getvalue().splitlines() == [
            *[f"The staff process ended by itself and is started again; see {tmp_path}/staff.log"] * 3,
            f"The staff process keeps ending by itself; see {tmp_path}/staff.log",
        ]
        assert (watching.is_alive(), running.running["chat"].poll()) == (True, None)
    finally:
        running.stop()
        watching.join(20)
    assert not watching.is_alive()
