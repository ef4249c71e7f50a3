"""The one place for configuration: every setting, its default, and the environment variable that changes it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseSettings, Field

ROOT = Path(__file__).resolve().parent.parent
"""The project folder."""


class Settings(BaseSettings):
    """Settings with their defaults. Each is changed by an environment variable `CLONUS_<NAME>`,
    for example `CLONUS_REGION=UK`."""

    region: str | None = None
    """Country whose numbers are shown when the person has not said where they are: a region of
    knowledge/regions.yml such as "US" or "UK"; unknown when left out."""

    knowledge_folder: Path = ROOT / "knowledge"
    library_path: Path = ROOT / "var" / "knowledge.db"
    records_path: Path = ROOT / "var" / "records.db"
    records_database: str | None = None
    """Where records are kept, as an SQLAlchemy address such as "postgresql://...", in place of `records_path`."""
    vectors_path: Path = ROOT / "var" / "vectors.db"
    models_folder: Path = ROOT / "models"

    conversations_database: str | None = None
    """Where conversations are kept, as an SQLAlchemy address; var/conversations.db when left out."""
    redis_url: str | None = None
    """Redis in which several processes agree whose turn it is in a conversation, such as "redis://cache:6379/0". When
    left out each process decides by itself, which is right for one."""

    host: str = "127.0.0.1"
    """Address the chat listens on. The action server always listens on this machine only."""
    chat_port: int = 5005
    actions_port: int = 5055

    turn_seconds: float = 3.0
    """Longest a turn may take before the channel answers by itself."""

    human_contact: str | None = None
    """How to reach a person of the service that runs this bot, as a short sentence such as
    "Call our clinic on 555 0100, Monday to Friday, 9 to 5." Only promised when it is set."""

    staff_hours: str | None = None
    """When people of the service answer, such as "Mon-Fri 09:00-17:00; Sat 10:00-12:00". The bot says so then."""
    staff_time_zone: str = "UTC"
    """The clock of those hours, such as "America/New_York"."""
    staff_closed: str | None = None
    """Days on which nobody is there, such as "2026-12-25, 2027-01-01"."""

    alert_minutes: float = Field(default=5.0, gt=0)
    """Minutes after which an escalation that nobody acknowledged is told again by e-mail or webhook."""
    alert_levels: str = "emergency urgent"
    """Levels of which it is told, apart by spaces."""
    alert_emails: str | None = None
    """Whom to write to, apart by spaces. Needs `smtp_url` and `smtp_from`."""
    smtp_url: str | None = None
    """Mail server, such as "smtps://user:password@mail.example.org:465", or "smtp://..." with STARTTLS."""
    smtp_from: str | None = None
    """Address from which alerts come."""
    alert_webhook: str | None = None
    """Address that alerts are posted to. Needs `alert_webhook_secret`."""
    alert_webhook_secret: str | None = None
    """Key that signs them, at least 16 characters."""

    cookie_secret: str | None = None
    """Key that signs the browser's conversation cookie. A random one, kept in var/, when left out."""

    public_url: str | None = None
    """Address under which the internet reaches this service, such as "https://help.example.org". Providers sign it."""
    trust_forwarded: str | None = None
    """Headers of the proxy in front that tell the address, when `public_url` is not set: any of "x-forwarded-proto",
    "x-forwarded-host", "x-forwarded-prefix", with commas. Only those that the proxy itself always sets."""

    sms_key: str | None = None
    """Key that locks phone numbers and makes their pseudonyms. Needed before any provider is connected."""
    sms_database: str | None = None
    """Where texts wait, as an SQLAlchemy address; var/texts.db when left out."""

    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_number: str | None = None
    twilio_answers_keywords: bool = True
    """Whether Twilio answers STOP, START and HELP for this number, as it does unless it was asked not to."""

    vonage_api_key: str | None = None
    vonage_api_secret: str | None = None
    vonage_signature_secret: str | None = None
    vonage_signature_method: str = "sha256"
    """As chosen in Vonage's dashboard: "md5hash", "md5", "sha1", "sha256" or "sha512"."""
    vonage_number: str | None = None

    keep_days: int = Field(default=30, ge=1)
    """Days a conversation and its records are kept after the last message; then they are deleted."""

    embed_origins: str | None = None
    """Sites that may show the chat on their pages, apart by spaces, such as "https://clinic.example"."""

    text_number: str | None = None
    """Number people can text, shown where the page cannot run."""

    messages_a_minute: int = Field(default=30, ge=1)
    """Messages one conversation may send a minute; danger is let through."""

    live_streams: int = Field(default=200, ge=1)
    """Open pages one process keeps up to date by itself; further ones ask now and then."""

    staff_host: str = "127.0.0.1"
    """Address the staff console listens on."""
    staff_port: int = 5006
    staff_public_url: str | None = None
    """Address under which staff reach the console, such as "https://staff.example.org". Over https its cookies are
    kept from plain connections."""
    staff_database: str | None = None
    """Where the console keeps its data, as an SQLAlchemy address; var/staff.db when left out."""
    staff_secret: str | None = None
    """Key that seals the console's forms and locks second factors. A random one, kept in var/, when left out."""
    staff_chat_url: str | None = None
    """Where the console reaches the chat, when that is not on this machine at `chat_port`."""
    staff_idle_minutes: int = Field(default=120, ge=1)
    """Minutes without a page after which staff sign in again."""
    staff_session_hours: int = Field(default=12, ge=1)
    """Hours after which staff sign in again in any case."""

    unanswered_alike_at: float = Field(default=0.65, gt=0.0, lt=1.0)
    """How alike unanswered messages must be on average to stand in one group (cosine of their meaning)."""

    class Config:
        env_prefix = "CLONUS_"


def own_address(here: Settings) -> str:
    """The address under which staff reach the console, without a slash at the end. A console that listens on every
    address of this machine is reached at least on this machine."""
    host = "127.0.0.1" if here.staff_host in ("0.0.0.0", "::") else here.staff_host
    return (here.staff_public_url or f"http://{host}:{here.staff_port}").rstrip("/")


def conversations_address(here: Settings) -> str:
    """Where conversations are kept, as an SQLAlchemy address."""
    return here.conversations_database or f"sqlite:///{ROOT / 'var' / 'conversations.db'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
