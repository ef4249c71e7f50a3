"""`clonus cluster`: the topology of deploy/ as processes of this machine, to try it, break it and measure it.

nginx before several chat servers; nginx again between them and several action servers; PostgreSQL and Redis behind all.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml
from rich.console import Console

from bot.commands import train
from bot.commands.processes import Processes
from bot.commands.run import action_server, chat_server, interrupted, taken_port
from bot.commands.servers import install_servers
from bot.engine.servers import (
    Program,
    free_port,
    nginx,
    postgres,
    redis,
    upstreams,
    wait_for,
)
from bot.model_files import newest_model
from bot.quiet import be_quiet
from bot.settings import ROOT, Settings, settings

NGINX_CONFIGURATION = ROOT / "deploy" / "nginx" / "nginx.conf"
PIDS = "processes.json"
"""File that holds the process id of each program, for whoever wants to end one."""


class Cluster:
    """All programs of a cluster, with their files in `folder`.

    `ports`: where nginx listens for people ("chat") and for the chat servers ("actions"). `more`: environment of the
    bot's own programs.
    """

    def __init__(
        self,
        folder: Path,
        model: Path,
        console: Console,
        *,
        ports: Mapping[str, int],
        chats: int = 2,
        actions: int = 2,
        more: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # PostgreSQL's own user passes through to its folder
        self.folder = folder
        self.address = f"http://127.0.0.1:{ports['chat']}"
        behind = {"postgres": free_port(), "redis": free_port()}
        database, self.database_url = postgres(folder / "postgres", behind["postgres"])
        cache, self.redis_url = redis(folder / "redis", behind["redis"])
        chat_ports = [free_port() for _ in range(chats)]
        action_ports = [free_port() for _ in range(actions)]
        front = nginx(folder / "nginx", NGINX_CONFIGURATION, upstreams(chat_ports, action_ports), ports)
        environment = {
            "CLONUS_CONVERSATIONS_DATABASE": self.database_url,
            "CLONUS_RECORDS_DATABASE": self.database_url,
            "CLONUS_SMS_DATABASE": self.database_url,
            "CLONUS_STAFF_DATABASE": self.database_url,
            "CLONUS_REDIS_URL": self.redis_url,
            **(more or {}),
        }
        endpoints = self._endpoints(ports["actions"])
        programs: dict[str, Program] = {"postgres": database, "redis": cache, "nginx": front}
        for number, port in enumerate(action_ports, start=1):
            programs[f"actions-{number}"] = _with(action_server(port), environment)
        for number, port in enumerate(chat_ports, start=1):
            programs[f"chat-{number}"] = _with(chat_server(model, endpoints, "127.0.0.1", port), environment)
        self.processes = Processes(programs, folder, console)
        self.needed: dict[str, tuple[int, str | None]] = {
            "postgres": (behind["postgres"], self.database_url),
            "redis": (behind["redis"], None),
            "nginx": (ports["chat"], None),
        }
        self.ready_addresses = {
            f"actions-{number}": f"http://127.0.0.1:{port}/health" for number, port in enumerate(action_ports, start=1)
        } | {f"chat-{number}": f"http://127.0.0.1:{port}/status" for number, port in enumerate(chat_ports, start=1)}

    def start(self) -> bool:
        """Start everything and wait until it answers; False, with the reason printed, when something does not.

        Raises RuntimeError when PostgreSQL, Redis or nginx does not start.
        """
        for name, (port, address) in self.needed.items():
            self.processes.start(name)
            wait_for(self.processes.running[name], self.processes.log(name), port, address)
        self.processes.start(*self.ready_addresses)
        self.note_processes()
        return self.processes.wait_until_ready(self.ready_addresses)

    def note_processes(self) -> None:
        """Write down the process id of each program."""
        pids = {name: process.pid for name, process in self.processes.running.items()}
        draft = self.folder / f"{PIDS}.new"
        draft.write_text(json.dumps(pids, indent=1))
        draft.replace(self.folder / PIDS)

    def keep_running(self) -> None:
        """Start again what ends by itself."""
        self.processes.keep_running(self.note_processes)

    def stop(self) -> None:
        """End everything: the servers of the bot before what they need."""
        self.processes.stop(*self.needed)

    def _endpoints(self, port: int) -> Path:
        """endpoints.yml with the actions behind nginx."""
        endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
        endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{port}/webhook"
        path = self.folder / "endpoints.yml"
        path.write_text(yaml.safe_dump(endpoints))
        return path


def _with(program: Program, environment: Mapping[str, str]) -> Program:
    return replace(program, environment={**program.environment, **environment})


def run(chats: int, actions: int) -> int:
    """Start a cluster and stay until Ctrl-C; the exit code."""
    be_quiet()
    here = settings()
    console = Console(highlight=False)
    problem = _problem(here, chats, actions)
    if problem:
        console.print(problem, style="red")
        return 1
    if not install_servers(console) or train.run_apart():
        return 1
    model = newest_model()
    if model is None:
        console.print("There is no trained model. Run: clonus train", style="red")
        return 1
    ports = {"chat": here.chat_port, "actions": here.actions_port}
    signal.signal(signal.SIGTERM, interrupted)
    cluster = None
    try:
        cluster = Cluster(ROOT / "var" / "cluster", model, console, ports=ports, chats=chats, actions=actions)
        if not cluster.start():
            return 1
        console.print(f"Chat page:   {cluster.address}/chat")
        console.print(f"REST:        {cluster.address}/webhooks/rest/webhook")
        console.print(f"Processes:   {', '.join(cluster.processes.programs)} (ids in {cluster.folder / PIDS})")
        console.print("End one of them with kill -9 and see what happens. Stop everything with Ctrl-C.")
        cluster.keep_running()
        return 1
    except RuntimeError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopping ...")
        return 0
    finally:
        if cluster is not None:
            cluster.stop()


def _problem(here: Settings, chats: int, actions: int) -> str | None:
    if chats < 1 or actions < 1:
        return "A cluster needs at least one chat server and one action server."
    return taken_port(here)
