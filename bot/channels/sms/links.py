"""Short addresses on our own host in place of long ones."""

from __future__ import annotations

import re
from hashlib import sha256

from bot.replies.content import Content

PATH = "/s/"
_ADDRESS = re.compile(r"https?://[^\s)>\]]+[^\s)>\].,;!?]")
_SAFE = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters that are not mistaken for one another when they are typed by hand."""
LENGTH = 6


def code_of(address: str) -> str:
    """The short name of an address: always the same, so that nothing has to be kept."""
    number = int.from_bytes(sha256(address.encode()).digest(), "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(_SAFE))
        letters.append(_SAFE[place])
    return "".join(letters)


def known_addresses(content: Content) -> dict[str, str]:
    """Every address of the library's sources by its short name. Nothing else is ever redirected to."""
    found = {source.url for topic in content.topics.values() for source in topic.sources if source.url}
    return {code_of(address): address for address in found}


def shortened(text: str, public_url: str | None) -> str:
    """`text` with short addresses on `public_url`; without addresses when there is no host of ours to put them on."""
    if public_url is None:
        return re.sub(r"[.:]? ?" + _ADDRESS.pattern, "", text)
    return _ADDRESS.sub(lambda match: f"{public_url.rstrip('/')}{PATH}{code_of(match.group())}", text)
