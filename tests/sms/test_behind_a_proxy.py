"""A signature covers the public address, which a proxy hides from us: whose word on it counts."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from bot.settings import settings
from tests.channels.page_server import ScriptedBot
from tests.channels.serving import ChannelServer
from tests.sms.provider_servers import ProviderServer
from tests.sms.world import PUBLIC, QuickTwilio, twilio_fields, twilio_signature

PROTO, HOST, PREFIX = "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix"


@pytest.mark.parametrize(
    ("trusted", "sent", "signed_for"),
    [
        (f"{PROTO},{HOST}", {PROTO: "https", HOST: "help.example.org"}, PUBLIC),
        (PROTO, {PROTO: "https", "Host": "help.example.org"}, PUBLIC),
        (
            f"{PROTO},{HOST},{PREFIX}",
            {PROTO: "http, https", HOST: "evil.example, help.example.org", PREFIX: "/clonus/"},
            f"{PUBLIC}/clonus",
        ),
    ],
)
def test_a_signature_is_checked_against_the_public_address_behind_a_proxy(
    environment: pytest.MonkeyPatch, trusted: str, sent: dict[str, str], signed_for: str
) -> None:
    environment.delenv("CLONUS_PUBLIC_URL")
    environment.setenv("CLONUS_TRUST_FORWARDED", trusted)
    settings.cache_clear()
    provider = ProviderServer()
    server = ChannelServer(lambda: [QuickTwilio(provider.url)], ScriptedBot())
    server.start()
    fields = twilio_fields("my foot", "SM1")
    try:
        answers = [
            requests.post(
                f"{server.url}/webhooks/sms/twilio/incoming", data=fields, headers=headers, timeout=20
            ).status_code
            for headers in (
                {**sent, **twilio_signature("incoming", fields, public=signed_for)},
                {**sent, **twilio_signature("incoming", fields, public="https://evil.example")},
                twilio_signature("incoming", fields, public=signed_for),
            )
        ]
    finally:
        server.stop()
        provider.close()
    assert answers == [200, 403, 403]


def test_a_header_that_is_not_trusted_decides_nothing(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("CLONUS_PUBLIC_URL")
    settings.cache_clear()
    provider = ProviderServer()
    server = ChannelServer(lambda: [QuickTwilio(provider.url)], ScriptedBot())
    server.start()
    fields = twilio_fields("my foot", "SM1")
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.example.org"}
    try:
        refused = requests.post(
            f"{server.url}/webhooks/sms/twilio/incoming", data=fields, timeout=20,
            headers={**forwarded, **twilio_signature("incoming", fields)},
        )  # fmt: skip
        host = urlsplit(server.url).netloc
        taken = requests.post(
            f"{server.url}/webhooks/sms/twilio/incoming", data=fields, timeout=20,
            headers={**forwarded, **twilio_signature("incoming", fields, public=f"http://{host}")},
        )  # fmt: skip
    finally:
        server.stop()
        provider.close()
    assert (refused.status_code, taken.status_code) == (403, 200)
