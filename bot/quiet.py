"""Switch off what must never leave the machine, and what only clutters the terminal.

Set before Rasa is imported. `make setup` writes the same into the environment, so that plain `rasa` commands
are covered as well.
"""

from __future__ import annotations

import logging
import os
import sysconfig
from pathlib import Path

QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",       # usage statistics and, with them, Sentry crash reports
    "TF_CPP_MIN_LOG_LEVEL": "3",             # TensorFlow is imported by Rasa but not used by this bot
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONWARNINGS": "ignore",              # deprecations inside pinned packages, which no user can act on
}  # fmt: skip


def be_quiet() -> None:
    """Apply QUIET_ENVIRONMENT to this process and those it starts."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ[name] = value
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def quiet_rasa_logs() -> None:
    """Let Rasa log warnings only; as a library it would print every debug line."""
    from rasa.utils.log_utils import configure_structlog

    logging.getLogger().setLevel(logging.WARNING)
    configure_structlog(logging.WARNING)


def quiet_file() -> Path:
    """The file by which Python applies QUIET_ENVIRONMENT at every start in this environment."""
    return Path(sysconfig.get_paths()["purelib"]) / "clonus_quiet.pth"


def quiet_the_environment() -> None:
    """Write that file, so that plain `rasa` commands are quiet as well."""
    settings = "; ".join(f"os.environ.setdefault({name!r}, {value!r})" for name, value in QUIET_ENVIRONMENT.items())
    quiet_file().write_text(f"import os; {settings}\n")


if __name__ == "__main__":
    quiet_the_environment()
