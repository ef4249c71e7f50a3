"""End a process that has done its work."""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn


def end_at_once(code: int) -> NoReturn:
    """End this process, in which nothing is left to write: to take apart what a training loaded takes a second."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
