"""An escalation that nobody acknowledged is told again: by every way, once, signed, without a word of the person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.databases import Row
from bot.desk import alerts, escalations
from bot.desk.alert_ways import AlertsNotSetUp, is_genuine, ways_of
from bot.desk.alerting import Alerting
from bot.desk.tables import alerts as table
from bot.desk.tables import escalations as escalation_table
from bot.settings import Settings
from tests.desk.receivers import MailServer, Webhook

NOW = datetime(2026, 11, 28, 12, tzinfo=timezone.utc).timestamp()
SECRET = "a secret of these tests"
CONSOLE = "https://staff.example/"
EARLIER, JUST_NOW = "2026-11-28T11:50:00+00:00", "2026-11-28T11:58:00+00:00"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    webhook = Webhook().start()
    yield webhook
    webhook.stop()


@pytest.fixture
def mails() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


def escalate(engine: Engine, at: str = EARLIER, level: str = "emergency") -> None:
    row = {
        "at": at, "conversation": "phone-123", "text": "I am Ana Lopez and my face drops", "category": "new-stroke",
        "level": level, "sure": 1, "verdict": "{}",
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(escalation_table.insert().values(**row))


def rows(engine: Engine) -> list[Row]:
    with engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def settings(**more: object) -> Settings:
    return Settings(**more)


def alerting(engine: Engine, here: Settings, clock: Clock | None = None) -> Alerting:
    ways = ways_of(here, CONSOLE)
    return Alerting(lambda: engine, ways, here.alert_levels.split(), here.alert_minutes, clock or Clock())


def hook(webhook: Webhook) -> Settings:
    return settings(alert_webhook=webhook.address, alert_webhook_secret=SECRET)


def test_only_those_that_wait_too_long_and_matter_are_told(engine: Engine, webhook: Webhook) -> None:
    escalate(engine)
    escalate(engine, JUST_NOW)
    escalate(engine, level="soon")
    escalate(engine)
    with engine.begin() as connection:
        escalations.acknowledge(connection, 4, "Anna")
    assert [alerting(engine, hook(webhook)).send_due() for _ in range(2)] == [1, 0]
    assert [json.loads(body)["escalation"] for _, body in webhook.came] == [1]


def test_a_webhook_gets_signed_json_without_the_person(engine: Engine, webhook: Webhook) -> None:
    escalate(engine)
    alerting(engine, hook(webhook)).send_due()
    ((headers, body),) = webhook.came
    assert json.loads(body) == {
        "event": "escalation-not-acknowledged",
        "escalation": 1,
        "level": "emergency",
        "category": "new-stroke",
        "at": EARLIER,
        "link": "https://staff.example/escalations/1",
    }
    assert headers["X-Clonus-Delivery"] == "1.1"
    checked = [(body, SECRET), (body + b" ", SECRET), (body, "another secret")]
    assert [is_genuine(words, headers, secret) for words, secret in checked] == [True, False, False]


def test_a_mail_names_the_escalation_and_not_the_person(engine: Engine, mails: MailServer) -> None:
    escalate(engine)
    here = settings(alert_emails="a@clinic.example b@clinic.example", smtp_url=mails.address, smtp_from="bot@c.example")
    assert [alerting(engine, here).send_due() for _ in range(2)] == [1, 0]
    ((sender, to, mail),) = mails.came
    assert (sender, to) == ("bot@c.example", ["a@clinic.example", "b@clinic.example"])
    assert mail["Subject"] == "Clonus Companion: emergency, nobody has acknowledged escalation 1"
    assert mail["Message-ID"] == "<escalation-1.1@c.example>"
    assert "https://staff.example/escalations/1" in mail.get_payload()
    assert [word for word in ("Ana", "Lopez", "face", "phone-123") if word in mail.as_string()] == []


def test_what_was_refused_is_sent_again_ever_later_and_then_once(engine: Engine, webhook: Webhook) -> None:
    escalate(engine)
    webhook.answers.extend([500, 302, 503])
    clock = Clock()
    sending = alerting(engine, hook(webhook), clock)
    waits = []
    for _ in range(3):
        assert sending.send_due() == 0
        (row,) = rows(engine)
        waits.append(row["next_try_at"] - clock.now)
        clock.now = row["next_try_at"] - 0.1
        assert (sending.send_due(), webhook.asked) == (0, len(waits))
        clock.now += 0.2
    assert [sending.send_due(), sending.send_due(), len(webhook.came)] == [1, 0, 1]
    assert all(0.75 * 10 * 2**tries <= wait <= 1.25 * 10 * 2**tries for tries, wait in enumerate(waits))
    assert rows(engine)[0]["error"] is None


def test_processes_that_look_at_the_same_time_tell_once(engine: Engine, webhook: Webhook) -> None:
    for _ in range(3):
        escalate(engine)
    processes = [alerting(engine, hook(webhook)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(lambda process: process.send_due(), processes))
    came = sorted(json.loads(body)["escalation"] for _, body in webhook.came)
    assert (sum(sent), came) == (3, [1, 2, 3])


def test_an_alert_of_a_process_that_died_is_sent_by_the_next(engine: Engine, webhook: Webhook) -> None:
    escalate(engine)
    with engine.begin() as connection:
        alerts.note_due(connection, ["webhook"], ["emergency"], 5, NOW)
    with engine.begin() as connection:
        assert alerts.claim(connection, ["webhook"], NOW) is not None  # and then the process ends
    clock = Clock()
    next_process = alerting(engine, hook(webhook), clock)
    clock.now += alerts.LEASE_SECONDS
    assert next_process.send_due() == 0
    clock.now += 0.1
    assert [next_process.send_due(), len(webhook.came)] == [1, 1]


def test_one_that_was_acknowledged_while_an_alert_waited_is_not_told(engine: Engine, webhook: Webhook) -> None:
    escalate(engine)
    webhook.answers.append(500)
    clock = Clock()
    sending = alerting(engine, hook(webhook), clock)
    sending.send_due()
    with engine.begin() as connection:
        escalations.acknowledge(connection, 1, "Anna")
    clock.now += 3600
    assert [sending.send_due(), rows(engine)[0]["state"], rows(engine)[0]["error"]] == [
        0, "dropped", "acknowledged meanwhile",
    ]  # fmt: skip


def test_an_alert_that_cannot_be_sent_for_a_day_is_given_up(engine: Engine, webhook: Webhook) -> None:
    escalate(engine)
    webhook.answers.append(500)
    clock = Clock()
    sending = alerting(engine, hook(webhook), clock)
    sending.send_due()
    clock.now += alerts.GIVE_UP_SECONDS + 1
    assert [sending.send_due(), rows(engine)[0]["state"], len(webhook.came)] == [0, "dropped", 0]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"alert_emails": "a@b.example"}, "CLONUS_ALERT_EMAILS needs CLONUS_SMTP_URL and CLONUS_SMTP_FROM."),
        (
            {"alert_emails": "a@b.example", "smtp_url": "mail.example:25", "smtp_from": "c@b.example"},
            "CLONUS_SMTP_URL begins with smtp:// or smtps://.",
        ),
        (
            {"alert_webhook": "https://x.example", "alert_webhook_secret": "short"},
            "CLONUS_ALERT_WEBHOOK needs CLONUS_ALERT_WEBHOOK_SECRET of at least 16 characters.",
        ),
    ],
)
def test_settings_that_do_not_fit_say_what_to_change(given: dict[str, str], wrong: str) -> None:
    with pytest.raises(AlertsNotSetUp) as problem:
        ways_of(settings(**given), CONSOLE)
    assert str(problem.value) == wrong


def test_without_settings_nobody_is_told(engine: Engine) -> None:
    escalate(engine)
    assert (ways_of(settings(), CONSOLE), alerting(engine, settings()).send_due(), rows(engine)) == ({}, 0, [])
