"""PostgreSQL and Redis from Debian's packages as processes of the tests. `make test` installs them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.engine.servers import Program, free_port, postgres, redis, wait_for


@dataclass
class Running:
    """A database server and a Redis, to be ended and started again."""

    folder: Path
    database_url: str
    redis_url: str
    programs: dict[str, tuple[Program, int]]
    processes: dict[str, subprocess.Popen[bytes]]

    def start(self, name: str) -> None:
        """Start one of them and wait until it takes connections."""
        program, port = self.programs[name]
        self.processes[name] = program.start(self.folder / f"{name}.log")
        address = self.database_url if name == "postgres" else None
        wait_for(self.processes[name], self.folder / f"{name}.log", port, address)

    def kill(self, name: str) -> None:
        """End one of them at once, with kill -9."""
        self.processes[name].kill()
        self.processes[name].wait()


@contextmanager
def running_servers() -> Iterator[Running]:
    """Both, as long as this lasts."""
    memory = "/dev/shm"  # a folder in memory where there is one: a disk that is busy makes PostgreSQL slow
    with TemporaryDirectory(prefix="clonus-servers-", dir=memory if Path(memory).is_dir() else None) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user passes through
        running = _prepared(folder)
        try:
            for server in running.programs:
                running.start(server)
            yield running
        finally:
            for server in running.processes:
                running.kill(server)


def _prepared(folder: Path) -> Running:
    ports = {"postgres": free_port(), "redis": free_port()}
    database, database_url = postgres(folder / "postgres", ports["postgres"])
    cache, redis_url = redis(folder / "redis", ports["redis"])
    programs = {"postgres": (database, ports["postgres"]), "redis": (cache, ports["redis"])}
    return Running(folder, database_url, redis_url, programs, {})
