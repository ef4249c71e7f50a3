"""A third provider is one class and a connector of a few lines; nothing else knows of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import requests

from bot.channels.sms.connectors import TextConnector, text_service
from bot.channels.sms.sending import Accepted, Sent
from bot.channels.sms.webhooks import Answer, Delivery, Incoming, NotGenuine, Report, WebRequest, holding
from bot.settings import Settings
from tests.channels.page_server import ScriptedBot
from tests.channels.serving import ChannelServer
from tests.sms.phone import AMERICAN, said
from tests.sms.world import wait_until


class Pigeons:
    """Carries texts on small rolls of paper, and signs with a password."""

    name = "pigeons"
    repeats_for = 600.0
    fastest_reply = 60.0
    answers_keywords = False

    def __init__(self) -> None:
        self.flown: list[tuple[str, str]] = []

    def incoming(self, request: WebRequest) -> Incoming:
        if request.headers.get("x-password") != "coo":
            raise NotGenuine("the password is wrong")
        return Incoming(*holding(request.form, "ring", "from", "roll"))

    def report(self, request: WebRequest) -> Report:
        return Report(*holding(request.form, "ring"), Delivery.DELIVERED)

    def thanks(self) -> Answer:
        return Answer("coo")

    def call(self, request: WebRequest, words: str) -> Answer:
        return Answer(words)

    async def send(self, to: str, text: str, key: str) -> Sent:
        self.flown.append((to, text))
        return Accepted(f"ring-{len(self.flown)}")

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        return None

    async def received(self, since: float) -> Sequence[Incoming]:
        return []


class PigeonTexts(TextConnector):
    """Texts by pigeons."""

    place = "pigeons"
    loft = Pigeons()

    def provider(self, here: Settings) -> Pigeons:
        return self.loft


def test_a_third_provider_needs_no_more_than_this(environment: pytest.MonkeyPatch) -> None:
    server = ChannelServer(lambda: [PigeonTexts()], ScriptedBot())
    server.start()
    roll = {"ring": "r1", "from": AMERICAN, "roll": "my foot"}
    url = f"{server.url}/webhooks/sms/pigeons/incoming"
    try:
        forged = requests.post(url, data=roll, timeout=20)
        taken = [requests.post(url, data=roll, headers={"x-password": "coo"}, timeout=20) for _ in range(2)]
        wait_until(lambda: not (text_service().inbox.waiting() or text_service().outbox.waiting()))
    finally:
        server.stop()
        text_service().store.close()
    assert (forged.status_code, [(answer.status_code, answer.text) for answer in taken]) == (403, [(200, "coo")] * 2)
    assert PigeonTexts.loft.flown == [(AMERICAN, said("welcome")), (AMERICAN, "You wrote: my foot")]


def test_a_connector_without_a_provider_cannot_be_made() -> None:
    class Nobody(TextConnector):
        place = "nobody"

    with pytest.raises(TypeError, match="provider"):
        Nobody()  # type: ignore[abstract]
