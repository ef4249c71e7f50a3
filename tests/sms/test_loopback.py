"""The loopback connector, and the phone in the terminal that uses it."""

from __future__ import annotations

import pytest

from bot.commands import sms_sim
from tests.sms.phone import BRITISH, said
from tests.sms.world import World, loopback_key


def test_the_loopback_connector_works_without_an_account(world: World) -> None:
    assert world.loopback("incoming", {"id": "1", "from": BRITISH, "text": "my foot"}).status_code == 200
    texts: list[str] = []
    while len(texts) < 2:
        texts += world.loopback("fetch", {"phone": BRITISH, "wait": 10}).json()["texts"]
    assert texts == [said("welcome", "999"), "You wrote: my foot"]
    assert world.loopback("fetch", {"phone": BRITISH, "wait": 0}).json() == {"texts": []}


async def test_the_phone_in_the_terminal_can_text_a_running_bot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_sim, "QUIET_SECONDS", 0.5)
    line = sms_sim.HttpLine(f"{world.server.url}/", BRITISH, loopback_key())
    assert await line(sms_sim.typed("hello")) == [said("welcome", "999"), "You wrote: hello"]
    assert await line(sms_sim.typed(":picture")) == [said("picture", "999")]
