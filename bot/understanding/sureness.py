"""How sure a piece of a message must be to count as a matter of its own."""

from __future__ import annotations

from pydantic import BaseModel, Extra


class Sureness(BaseModel):
    """Chances, 0 to 1, for a question, for something told and for what has a fixed reply; and how well a sentence must
    fit for two questions on one topic to be told together (knowledge/understanding.yml)."""

    asked: float
    told: float
    refused: float
    detail: float

    class Config:
        extra = Extra.forbid
