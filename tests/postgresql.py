"""A PostgreSQL server of our own on a free port, for the tests that must hold there too."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
"""Where Debian keeps the server's programs; empty when it is not installed."""


class PostgreSQL:
    """One server. It can be stopped and started again, as by somebody who mends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None  # the server refuses to run as root
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._run("initdb", "-D", str(folder / "data"), "-U", "clonus", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._databases = 0

    def start(self) -> None:
        """Serve."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        """Stop at once; whoever is connected is cut off."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def new_database(self) -> str:
        """The SQLAlchemy address of an empty database."""
        self._databases += 1
        name = f"clonus_{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "clonus", name)
        return f"postgresql://clonus@127.0.0.1:{self._port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        demote = (
            {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        )
        subprocess.run(
            [str(PROGRAMS[0] / program), *arguments],
            check=True, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **demote,
        )  # fmt: skip


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A running server that is gone afterward."""
    folder = Path(mkdtemp(prefix="clonus-postgresql-"))
    server = PostgreSQL(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
