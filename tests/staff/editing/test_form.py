"""A topic goes through a form and comes back as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.staff.editing.form import from_form, in_form, new_topic, with_review
from tests.knowledge.content import topic_fields

TOPIC = topic_fields("cold-toe", "warm-heel", answer="One\nline.\n\nTwo.")
TODAY, DUE = date(2026, 11, 28), date(2027, 11, 28)


def sent(content: Any, **changes: str) -> Any:
    """What comes of a form in which `changes` were written."""
    written = {**in_form(content), **changes}
    chosen = {name: list(content[name]) for name in ("related", "sources")}
    return from_form(content, lambda name: written.get(name, ""), lambda name: chosen[name])


def test_a_form_that_nobody_wrote_in_changes_nothing() -> None:
    kept = {**TOPIC, "status": "published"}
    assert sent(kept) == kept


def test_lines_become_entries_and_empty_lines_make_paragraphs() -> None:
    changed = sent(
        TOPIC, answer="One  line.\r\nOn.\r\n\r\n\r\nTwo.", steps=" Sit. \r\n\r\n  Rest  well.\n", title=" A  toe "
    )
    assert (changed["answer"], changed["steps"], changed["title"]) == (
        "One line. On.\n\nTwo.",
        ["Sit.", "Rest well."],
        "A toe",
    )


def test_a_topic_is_retired_and_brought_back() -> None:
    retired = sent(TOPIC, retired="yes")
    assert retired["status"] == "retired"
    assert sent(retired)["status"] == "awaiting-sign-off"


def test_a_new_topic_starts_with_what_is_known() -> None:
    topic = new_topic("sore-arch", TODAY, questions=["my arch is sore"])
    assert (topic["slug"], topic["questions"], topic["status"]) == (
        "sore-arch",
        ["my arch is sore"],
        "awaiting-sign-off",
    )
    assert topic["reviewed"] == {"date": "2026-11-28", "by": "Not reviewed yet", "due": "2027-11-28"}


@pytest.mark.parametrize(
    ("status", "signed_off", "by", "after"),
    [
        ("awaiting-sign-off", False, "Ben (editor); awaiting sign-off by a clinician", "awaiting-sign-off"),
        ("published", False, "Ben (editor); awaiting sign-off by a clinician", "awaiting-sign-off"),
        ("awaiting-sign-off", True, "Ben (editor)", "published"),
        ("retired", True, "Ben (editor)", "retired"),
    ],
)
def test_only_a_clinicians_signature_makes_it_published(status: str, signed_off: bool, by: str, after: str) -> None:
    topic = with_review({**TOPIC, "status": status}, "Ben (editor)", TODAY, DUE, signed_off=signed_off)
    assert topic["reviewed"] == {"date": "2026-11-28", "by": by, "due": "2027-11-28"}
    assert topic["status"] == after
