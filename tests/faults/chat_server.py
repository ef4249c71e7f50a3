"""The chat server (bot/channels/server.py), with parts that break when a file of their name lies in FAULTS.

`throw-PART` makes the part raise, `hang-PART` makes it hold its thread until the file is gone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.channels.server import main
from bot.safety.policy import SafetyPolicy
from bot.safety.screen import SafetyScreen
from bot.understanding.component import MessageReader

FAULTS = Path(os.environ["FAULTS"])
PARTS = {
    "screen": (SafetyScreen, "screen"),
    "understanding": (MessageReader, "process"),
    "policy": (SafetyPolicy, "predict_action_probabilities"),
}


def breakable(part: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, broken while its file is there."""

    def run(*args: Any, **kwargs: Any) -> Any:
        if (FAULTS / f"throw-{part}").exists():
            raise RuntimeError(f"the {part} is broken")
        while (FAULTS / f"hang-{part}").exists():
            time.sleep(0.05)
        return method(*args, **kwargs)

    return run


if __name__ == "__main__":
    for name, (owner, attribute) in PARTS.items():
        setattr(owner, attribute, breakable(name, getattr(owner, attribute)))
    main()
