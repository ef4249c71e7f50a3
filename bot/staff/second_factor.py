"""The optional second factor: a code from the phone that changes every half minute, and recovery codes on paper."""

from __future__ import annotations

import io
import secrets
import time

import pyotp
import segno
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.staff.accounts_tables import accounts, recovery_codes
from bot.staff.tokens import Key, kept

ISSUER = "Clonus Companion"
STEP_SECONDS = 30
STEPS_AROUND = 1
"""Half minutes a phone's clock may be wrong."""
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other on paper."""


def begin(connection: Connection, key: Key, account: int) -> str:
    """A new secret, kept locked; it counts once a code from it was shown."""
    secret = pyotp.random_base32()
    connection.execute(accounts.update().where(accounts.c.id == account).values(totp_secret=key.locked(secret)))
    return secret


def waiting_secret(connection: Connection, key: Key, account: int) -> str | None:
    """The secret of a factor that was begun and is not on yet."""
    row = connection.execute(select(accounts).where(accounts.c.id == account)).mappings().one()
    return key.unlocked(row["totp_secret"]) if row["totp_secret"] and not row["totp_on"] else None


def address(secret: str, email: str) -> str:
    """What a QR code tells the phone."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, email: str) -> str:
    """The QR code as SVG."""
    drawn = io.BytesIO()
    code = segno.make(address(secret, email), error="m")
    code.save(drawn, kind="svg", xmldecl=False, scale=5, border=4, light="#fff", dark="#000")
    return drawn.getvalue().decode()


def is_code(connection: Connection, key: Key, account: int, code: str, now: float | None = None) -> bool:
    """Whether a code is right now. Each counts once: one that was looked over a shoulder is of no use."""
    row = connection.execute(select(accounts).where(accounts.c.id == account)).mappings().one()
    secret = key.unlocked(row["totp_secret"]) if row["totp_secret"] else None
    digits = "".join(code.split())
    if secret is None or not digits.isascii() or not digits.isdigit():
        return False
    current = int((time.time() if now is None else now) // STEP_SECONDS)
    for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1):
        if step <= (row["totp_last_step"] or 0):
            continue
        if pyotp.utils.strings_equal(digits, pyotp.TOTP(secret).at(step * STEP_SECONDS)):
            connection.execute(accounts.update().where(accounts.c.id == account).values(totp_last_step=step))
            return True
    return False


def turn_on(connection: Connection, account: int) -> list[str]:
    """From now on the factor is asked for; the recovery codes, which are shown once."""
    connection.execute(accounts.update().where(accounts.c.id == account).values(totp_on=True))
    connection.execute(recovery_codes.delete().where(recovery_codes.c.account == account))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        connection.execute(recovery_codes.insert().values(account=account, code_hash=kept(_plain(code))))
    return codes


def use_recovery_code(connection: Connection, account: int, code: str) -> bool:
    """Use one recovery code up; False when it is none, or was used."""
    same = (recovery_codes.c.account == account) & (recovery_codes.c.code_hash == kept(_plain(code)))
    return bool(connection.execute(recovery_codes.delete().where(same)).rowcount)


def codes_left(connection: Connection, account: int) -> int:
    """Recovery codes that were not used."""
    query = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.account == account)
    return int(connection.execute(query).scalar() or 0)


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(15))
    return f"{letters[:5]}-{letters[5:10]}-{letters[10:]}"


def _plain(code: str) -> str:
    return "".join(char for char in code.casefold() if char.isalnum())
