"""What comes in from a provider: a request as it was sent, and what it may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qs, urlsplit


class NotGenuine(Exception):
    """A request is unsigned, wrongly signed, or too old. Nothing of it may be used."""


class Unreadable(Exception):
    """A genuine request does not hold what the provider promises."""


class Form(dict[str, str]):
    """The fields of a form, the first value of each; `getlist` gives all, as the providers' libraries ask for them."""

    def __init__(self, encoded: str) -> None:
        self._all = parse_qs(encoded, keep_blank_values=True)
        super().__init__({name: values[0] for name, values in self._all.items()})

    def getlist(self, name: str) -> list[str]:
        """Every value of a field."""
        return self._all[name]


def holding(fields: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """The values of fields. Raises Unreadable naming every one that is missing or empty."""
    missing = [name for name in names if not fields.get(name)]
    if missing:
        raise Unreadable(f"missing: {', '.join(missing)}")
    return tuple(fields[name] for name in names)


@dataclass(frozen=True)
class WebRequest:
    """A webhook as the provider sent it: `url` is the public one, header names are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def form(self) -> Form:
        """The fields of the body."""
        return Form(self.body.decode("utf-8", "replace"))

    @property
    def query(self) -> Form:
        """The fields of the address."""
        return Form(urlsplit(self.url).query)


@dataclass(frozen=True)
class Part:
    """Where a part stands in a long message: part `number` of `total`, all with the same `reference`."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class Incoming:
    """One text from a phone. `at` is when the provider got it, in seconds since 1970, if it says so.

    `handled` is the keyword (stop, start, help) that the provider has already answered by itself, if any.
    """

    message_id: str
    sender: str
    text: str
    pictures: int = 0
    part: Part | None = None
    at: float | None = None
    handled: str | None = None


class Delivery(str, Enum):
    """How far a text of ours has come, as the provider reports it."""

    ON_THE_WAY = "on-the-way"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Report:
    """A delivery report. `key` is the name we gave the text, which tells it apart when no answer to sending came."""

    message_id: str
    delivery: Delivery
    key: str | None = None
    error: str = ""
    opted_out: bool = False


@dataclass(frozen=True)
class Answer:
    """What a webhook is answered with."""

    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
