"""PostgreSQL, Redis and nginx as processes of this machine, each in a folder of its own, for this machine only.

`clonus cluster` and the tests start them from Debian's packages; a real deployment has its own (deploy/).
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

PACKAGES = {"postgres": "postgresql", "redis-server": "redis-server", "nginx": "nginx-light"}
"""Programs, and the Debian packages that bring them."""

START_SECONDS = 30.0
LOOK_SECONDS = 0.05


class ProgramMissing(Exception):
    """A program is not installed."""


@dataclass(frozen=True)
class Program:
    """A process to start: its command, the user it runs as (ours when None), more environment, and its folder (that of
    its log when None)."""

    command: Sequence[str]
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None

    def start(self, log: Path, mode: str = "ab") -> subprocess.Popen[bytes]:
        """Start it in a session of its own, so that Ctrl-C reaches only us; it writes to `log`."""
        with log.open(mode) as out:
            return subprocess.Popen(
                self.command, env={**os.environ, **self.environment}, user=self.user, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True, cwd=self.folder or log.parent,
            )  # fmt: skip


def program(name: str) -> str:
    """The path of a program. Raises ProgramMissing, with what to install."""
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
    found = found or shutil.which(name, path="/usr/sbin:/usr/bin:/sbin")
    if found is None:
        package = PACKAGES.get(name, "postgresql")
        raise ProgramMissing(f"'{name}' is not installed. Install it: sudo apt-get install {package}")
    return found


def missing_packages() -> list[str]:
    """The Debian packages that are needed and not installed."""
    missing = []
    for name, package in PACKAGES.items():
        try:
            program(name)
        except ProgramMissing:
            missing.append(package)
    return missing


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether something takes connections at a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def takes_work(port: int, address: str | None = None) -> bool:
    """Whether a server takes connections; with the address of a database also whether it lets us in, which it does not
    while it mends what a crash left behind."""
    if not listens(port):
        return False
    if address is None:
        return True
    try:
        psycopg2.connect(address, connect_timeout=1).close()
    except psycopg2.OperationalError:
        return False
    return True


def wait_for(process: subprocess.Popen[bytes], log: Path, port: int, address: str | None = None) -> None:
    """Wait until a process `takes_work`. Raises RuntimeError, with its log, when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while not takes_work(port, address):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{log.stem} does not start:\n{log.read_text()[-2000:]}")
        time.sleep(LOOK_SECONDS)


def postgres(folder: Path, port: int, database: str = "clonus") -> tuple[Program, str]:
    """A PostgreSQL server with its files in `folder`, and the address of its database.

    It makes its files at first use. Run by root, it runs as the user "postgres", as PostgreSQL refuses to run as root.
    """
    user = "postgres" if os.geteuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    owner = user or pwd.getpwuid(os.geteuid()).pw_name
    if not (folder / "PG_VERSION").exists():
        initdb = [program("initdb"), "-D", str(folder), "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        _once([*initdb, f"--username={owner}"], user)
        _once([program("postgres"), "--single", "-D", str(folder), "postgres"], user, f"create database {database}\n")
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 200,
        "shared_buffers": "64MB",
    }  # fmt: skip
    command = [program("postgres"), "-D", str(folder)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return Program(command, user), f"postgresql://{owner}@127.0.0.1:{port}/{database}"


def _once(command: Sequence[str], user: str | None, told: str = "") -> None:
    """Run a command to its end. Raises RuntimeError, with what it said, when it fails."""
    done = subprocess.run(command, user=user, input=told, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"PostgreSQL cannot make its files: {' '.join(command)}\n{done.stderr}")


def redis(folder: Path, port: int) -> tuple[Program, str]:
    """A Redis server, and its address. It keeps nothing: whose turn it is means nothing after a restart."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Program([*command, "--dir", str(folder)]), f"redis://127.0.0.1:{port}/0"


def nginx(folder: Path, configuration: Path, upstreams: str, ports: Mapping[str, int]) -> Program:
    """nginx with the configuration of deploy/nginx, before the servers in `upstreams`.

    `ports`: where it listens for "chat" and for "actions".
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = configuration.read_text(encoding="utf-8")
    for name, port in ports.items():
        text = text.replace(f"listen {DEPLOYED_PORTS[name]};", f"listen 127.0.0.1:{port};")
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    (folder / "upstreams.conf").write_text(upstreams, encoding="utf-8")
    for name in ("body", "proxy"):
        (folder / name).mkdir(exist_ok=True)
    user = ["user root;"] if os.geteuid() == 0 else []
    extra = " ".join([*user, "daemon off;", f"pid {folder}/nginx.pid;"])
    return Program([program("nginx"), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr", "-g", extra])


DEPLOYED_PORTS = {"chat": 8080, "actions": 8055}
"""Where nginx listens in a deployment (deploy/nginx/nginx.conf)."""


def upstreams(chat: Sequence[int], actions: Sequence[int]) -> str:
    """The servers behind nginx, as deploy/nginx/upstreams.conf names them for a deployment."""
    parts = []
    for name, choice, ports in (("chat", "hash $talk consistent", chat), ("actions", "least_conn", actions)):
        parts.append(f"upstream {name} {{\n    {choice};\n")
        parts += [f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n" for port in ports]
        parts.append("    keepalive 32;\n}\n")
    return "".join(parts)
