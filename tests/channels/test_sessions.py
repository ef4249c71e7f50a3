"""The cookie that ties a conversation to a browser, and the key that signs it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner

from bot.channels.sessions import SECONDS_REMEMBERED, Sessions, signing_key

KEY = "only-for-tests-only-for-tests"


def test_a_sealed_conversation_opens_again_with_the_same_key_only() -> None:
    cookie = Sessions(KEY).sealed("conversation")

    assert Sessions(KEY).opened(cookie) == "conversation"
    assert Sessions(KEY + "x").opened(cookie) is None


@pytest.mark.parametrize("cookie", [None, "", "conversation", "conversation.x.y", "a.b", "é.é.é"])
def test_what_was_never_sealed_opens_nothing(cookie: str | None) -> None:
    assert Sessions(KEY).opened(cookie) is None


def test_a_cookie_opens_nothing_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(KEY)
    cookie = sessions.sealed("conversation")
    now = TimestampSigner(KEY).get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now + SECONDS_REMEMBERED - 5)
    assert sessions.opened(cookie) == "conversation"
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now + SECONDS_REMEMBERED + 5)
    assert sessions.opened(cookie) is None


def test_no_two_conversations_share_an_id() -> None:
    ids = {Sessions(KEY).new() for _ in range(1000)}

    assert len(ids) == 1000
    assert {len(conversation) for conversation in ids} == {32}


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key_file = tmp_path / "var" / "cookie.key"
    key = signing_key(None, key_file)

    assert signing_key(None, key_file) == key
    assert len(key) >= 64
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["cookie.key"]


def test_a_secret_from_the_settings_is_used_as_it_is_and_writes_no_file(tmp_path: Path) -> None:
    assert signing_key(KEY, tmp_path / "cookie.key") == KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("secret", "named"), [("short", "CLONUS_COOKIE_SECRET"), (None, "cookie.key")])
def test_a_key_too_short_to_protect_anything_is_refused(tmp_path: Path, secret: str | None, named: str) -> None:
    key_file = tmp_path / "cookie.key"
    key_file.write_text("short\n")

    with pytest.raises(ValueError, match=f"{named} must hold at least 16 characters"):
        signing_key(secret, key_file)
