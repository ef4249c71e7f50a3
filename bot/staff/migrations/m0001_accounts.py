"""Accounts, what they may do, how they sign in, and the log of what they did."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Connection

from bot.staff.append_only import refuse_changes

metadata = MetaData()

Table(
    "staff_accounts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("email", String(200), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("first_name", String(50), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("password_changed_at", Float, nullable=False),
    Column("signed_in_at", Float),
    Column("totp_secret", Text),
    Column("totp_on", Boolean, nullable=False),
    Column("totp_last_step", Integer),
)
Table(
    "staff_roles",
    metadata,
    Column("account", Integer, ForeignKey("staff_accounts.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
)
Table(
    "staff_recovery_codes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True),
    Column("code_hash", String(64), nullable=False),
    UniqueConstraint("account", "code_hash"),
)
Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True),
    Column("complete", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("browser", String(200), nullable=False),
    Column("flash", Text, nullable=False),
)
Table(
    "staff_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("email", String(200), nullable=False),
    Column("name", String(100), nullable=False),
    Column("roles", String(200), nullable=False),
    Column("account", Integer, ForeignKey("staff_accounts.id")),
    Column("made_by", Integer, ForeignKey("staff_accounts.id")),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
)
Table(
    "staff_failures",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("wait_until", Float, nullable=False),
)
audit = Table(
    "staff_audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("account", Integer),
    Column("who", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", String(200), nullable=False),
    Column("details", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("staff_audit_at", "at"),
)


def upgrade(connection: Connection) -> None:
    """Make the tables, and let nobody change the log."""
    metadata.create_all(connection)
    refuse_changes(connection, audit.name)
