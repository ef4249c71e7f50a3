"""Learn what danger looks like, `python -m bot.safety.training`: what `clonus train` runs in a process of its own."""

from __future__ import annotations

import gc
import logging
import sys

from bot.ending import end_at_once
from bot.interruptions import hear_interruptions
from bot.shared import prepare_learned_view
from bot.understanding import vector_cache
from bot.understanding.encoder import EncoderBroken
from knowledge.files import ContentError


def main() -> int:
    """Learn, telling on standard output how far it is and what was wrong; the exit code."""
    gc.disable()  # nothing that is made here goes in circles, and all of it goes with the process
    vector_cache.logger.setLevel(logging.INFO)
    vector_cache.logger.addHandler(logging.StreamHandler(sys.stdout))
    try:
        fresh = prepare_learned_view()
    except (ContentError, EncoderBroken, OSError) as error:
        print(error)
        return 1
    print("Danger messages learned." if fresh else "Danger messages unchanged, reused.")
    return 0


if __name__ == "__main__":
    hear_interruptions()
    end_at_once(main())
