"""A program that takes long: it clears away when it is interrupted, unless it is told not to listen."""

from __future__ import annotations

import signal
import sys
import time

from bot.interruptions import hear_interruptions

if __name__ == "__main__":
    if "deaf" in sys.argv:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        hear_interruptions()
    print("begun")
    try:
        time.sleep(600)
    finally:
        print("cleared away")
