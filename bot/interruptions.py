"""Have a long step hear an interruption wherever it was started."""

from __future__ import annotations

import signal


def hear_interruptions() -> None:
    """Raise KeyboardInterrupt in this process when it is interrupted, also where the shell that started it has
    interruptions ignored, as for commands in the background. Called in the main thread where a step begins."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
