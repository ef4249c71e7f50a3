"""PostgreSQL, Redis and nginx from Debian's packages: installed when root asks, named otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

from rich.console import Console

from bot.engine.servers import missing_packages


def install_servers(console: Console) -> bool:
    """Whether all three are there. Root gets what is missing; anybody else is told what to install."""
    missing = missing_packages()
    if not missing:
        return True
    if os.geteuid() != 0:
        console.print("PostgreSQL, Redis and nginx are needed. Install what is missing:", style="red")
        console.print(f"  sudo apt-get install --no-install-recommends {' '.join(missing)}")
        return False
    console.print(f"Installing {', '.join(missing)} ...")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", "-qq", *command], capture_output=True, text=True, check=False)
        if done.returncode:
            console.print(f"apt-get {command[0]} failed:\n{done.stderr}", style="red", markup=False)
            return False
    return not missing_packages()


if __name__ == "__main__":
    sys.exit(0 if install_servers(Console(highlight=False)) else 1)
