"""The tables of accounts, as the code uses them. Migrations make them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("email", String(200), nullable=False, unique=True),  # in lower case; what people sign in with
    Column("name", String(100), nullable=False),
    Column("first_name", String(50), nullable=False),  # what patients see
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("password_changed_at", Float, nullable=False),
    Column("signed_in_at", Float),
    Column("totp_secret", Text),  # locked
    Column("totp_on", Boolean, nullable=False),
    Column("totp_last_step", Integer),  # the half minute of the last code that was taken: each counts once
)

roles = Table(
    "staff_roles",
    metadata,
    Column("account", Integer, ForeignKey("staff_accounts.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
)

recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True),
    Column("code_hash", String(64), nullable=False),
)

sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", Integer, ForeignKey("staff_accounts.id"), nullable=False, index=True),
    Column("complete", Boolean, nullable=False),  # False: the password was right, the code is still to come
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("browser", String(200), nullable=False),
    Column("flash", Text, nullable=False),  # JSON: messages for the next page
)

links = Table(
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

failures = Table(
    "staff_failures",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("wait_until", Float, nullable=False),
)
