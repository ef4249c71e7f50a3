"""The ways an alert goes: by e-mail, or to a webhook. Neither carries a word of the person, nor who they are."""

from __future__ import annotations

import hmac
import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from hashlib import sha256
from urllib.parse import unquote, urlsplit

import requests

from bot.desk.alerts import Alert
from bot.settings import Settings

SEND_SECONDS = 20
"""Longest wait for a mail server or a webhook."""
SHORTEST_SECRET = 16
SIGNATURE, DELIVERY = "X-Clonus-Signature", "X-Clonus-Delivery"

Way = Callable[[Alert], None]
"""Sends one alert. Raises whatever kept it from being taken."""


class AlertsNotSetUp(ValueError):
    """Settings of alerts that do not fit together. The words say what to change."""


def ways_of(here: Settings, console: str) -> dict[str, Way]:
    """The ways that the settings name. `console`: the address of the staff console. Raises AlertsNotSetUp."""
    ways: dict[str, Way] = {}
    if here.alert_emails:
        if not here.smtp_url or not here.smtp_from:
            raise AlertsNotSetUp("CLONUS_ALERT_EMAILS needs CLONUS_SMTP_URL and CLONUS_SMTP_FROM.")
        url, sender, to = here.smtp_url, here.smtp_from, here.alert_emails.split()
        if urlsplit(url).scheme not in ("smtp", "smtps"):
            raise AlertsNotSetUp("CLONUS_SMTP_URL begins with smtp:// or smtps://.")
        ways["email"] = lambda alert: send_email(alert, url, sender, to, console)
    if here.alert_webhook:
        secret = here.alert_webhook_secret or ""
        if len(secret) < SHORTEST_SECRET:
            raise AlertsNotSetUp(
                f"CLONUS_ALERT_WEBHOOK needs CLONUS_ALERT_WEBHOOK_SECRET of at least {SHORTEST_SECRET} characters."
            )
        address = here.alert_webhook
        ways["webhook"] = lambda alert: post(alert, address, secret, console)
    return ways


def send_email(alert: Alert, url: str, sender: str, to: list[str], console: str) -> None:
    """Send an alert through a mail server. Its Message-ID is that of the alert, so that a second copy shows as one."""
    message = EmailMessage()
    message["Subject"] = f"Clonus Companion: {alert.level}, nobody has acknowledged escalation {alert.escalation}"
    message["From"], message["To"] = sender, ", ".join(to)
    message["Message-ID"] = f"<escalation-{alert.escalation}.{alert.id}@{sender.rpartition('@')[2]}>"
    message.set_content(
        f"Escalation {alert.escalation} ({alert.level}, {alert.category}) of {alert.escalated_at} "
        f"is waiting. Nobody has acknowledged it.\n\n{_link(alert, console)}\n"
    )
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=SEND_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=SEND_SECONDS)
    with server:
        if parts.scheme == "smtp" and parts.hostname not in ("localhost", "127.0.0.1"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def post(alert: Alert, address: str, secret: str, console: str) -> None:
    """Post an alert as signed JSON. A receiver that saw this delivery before can leave it out by its header."""
    body = json.dumps(
        {
            "event": "escalation-not-acknowledged",
            "escalation": alert.escalation,
            "level": alert.level,
            "category": alert.category,
            "at": alert.escalated_at,
            "link": _link(alert, console),
        }
    ).encode()
    headers = {
        "Content-Type": "application/json",
        DELIVERY: f"{alert.escalation}.{alert.id}",
        SIGNATURE: signature(body, secret),
    }
    answer = requests.post(address, data=body, headers=headers, timeout=SEND_SECONDS, allow_redirects=False)
    if not 200 <= answer.status_code < 300:
        raise requests.HTTPError(f"the webhook answered {answer.status_code}")


def signature(body: bytes, secret: str) -> str:
    """What proves that a body comes from this service: "sha256=" and the HMAC-SHA256 of the body under the secret."""
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def is_genuine(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """How a receiver checks a delivery."""
    return hmac.compare_digest(headers.get(SIGNATURE, ""), signature(body, secret))


def _link(alert: Alert, console: str) -> str:
    return f"{console.rstrip('/')}/escalations/{alert.escalation}"
