"""Escalations on the console: seen by those who work them, under pseudonyms, and every action in the log."""

from __future__ import annotations

import re

from bot.channels.sms.identity import Identity
from bot.channels.sms.store import Store, phones
from bot.staff.roles import Role
from tests.staff.at_desk import AtDesk
from tests.staff.world import World

ANNA, BEN = "anna@clinic.example", "ben@clinic.example"


def test_the_list_shows_no_words_and_no_conversation(world: World, desk: AtDesk) -> None:
    desk.escalate("conversation-id-of-ana")
    page = world.visitor(Role.SUPPORT).get("/escalations").text
    assert world.console.desk.pseudonym("conversation-id-of-ana") in page
    assert "Signs of a new stroke" in page
    assert "Nobody has acknowledged it" in page
    assert [word for word in ("Quillfeather", "face drops", "conversation-id") if word in page] == []


def test_what_waits_stands_on_every_page_of_those_who_work_it(world: World, desk: AtDesk) -> None:
    desk.escalate()
    desk.ask("bo")
    support, editor = world.visitor(Role.SUPPORT), world.visitor(Role.EDITOR)
    for path in ("/look-up", "/account", "/figures"):
        assert "1 escalation that nobody has acknowledged" in support.get(path).text
        assert "1 person waits for a person" in support.get(path).text
        assert "nobody has acknowledged" not in editor.get(path).text
    reviewer = world.visitor(Role.CLINICAL_REVIEWER).get("/account").text
    assert ("1 escalation that nobody" in reviewer, "waits for a person" in reviewer) == (True, False)


def test_one_escalation_tells_what_was_said_why_and_what_the_person_was_told(world: World, desk: AtDesk) -> None:
    desk.escalate()
    page = world.visitor(Role.SUPPORT).get("/escalations/1").text
    for told in ("my face drops", "Rule: stroke-face", "<li>face drops</li>", "Call 911 now.", "on the page"):
        assert told in page
    assert [word for word in ("Quillfeather", "415 555 0100") if word in page] == []


def test_the_full_words_need_a_reason_and_the_reason_is_logged(world: World, desk: AtDesk) -> None:
    desk.escalate()
    support = world.visitor(Role.SUPPORT)
    refused = support.send("/escalations/1/open", {"reason": "ok"})
    assert (refused.status_code, "A reason is needed" in refused.text, desk.reasons()) == (400, True, [])
    opened = support.send("/escalations/1/open", {"reason": "The ambulance asks for the name"})
    assert "Zebedee Quillfeather" in opened.text
    assert desk.reasons() == ["The ambulance asks for the name"]
    assert "Quillfeather" not in support.get("/escalations/1").text


def test_acknowledging_is_seen_by_everybody_and_only_once(world: World, desk: AtDesk) -> None:
    desk.escalate()
    anna, ben = (
        world.signed_in(world.person(Role.SUPPORT, email=email, name=name))
        for email, name in ((ANNA, "Anna Berg"), (BEN, "Ben Dale"))
    )
    assert "Acknowledged. Everybody can see" in anna.send("/escalations/1/acknowledge").text
    again = ben.send("/escalations/1/acknowledge").text
    assert "A colleague acknowledged it before you." in again
    assert "Anna Berg acknowledged it" in again
    assert "Anna Berg sees to it" in ben.get("/escalations").text
    assert [entry for entry in world.done() if entry[1] == "escalation acknowledged"] == [
        (ANNA, "escalation acknowledged", "escalation:1")
    ]


def test_a_note_and_an_outcome_are_kept_and_logged_without_words(world: World, desk: AtDesk) -> None:
    desk.escalate()
    support = world.visitor(Role.SUPPORT)
    assert "rang, she is fine" in support.send("/escalations/1/note", {"note": "rang, she is fine"}).text
    page = support.send("/escalations/1/outcome", {"version": "0", "outcome": "called-is-fine"}).text
    assert "Outcome: <strong>Called, is fine</strong>" in page
    assert [(entry.action, entry.details) for entry in world.log()][-2:] == [
        ("escalation noted", {}),
        ("escalation outcome", {"outcome": "called-is-fine"}),
    ]


def test_an_outcome_from_an_old_screen_is_refused_and_not_logged(world: World, desk: AtDesk) -> None:
    desk.escalate()
    support = world.visitor(Role.SUPPORT)
    support.send("/escalations/1/outcome", {"version": "0", "outcome": "called-is-fine"})
    page = support.send("/escalations/1/outcome", {"version": "0", "outcome": "false-alarm"}).text
    assert "A colleague changed this just now." in page
    assert [row["outcome"] for row in desk.rows("escalations")] == ["called-is-fine"]
    assert [entry.details for entry in world.log() if entry.action == "escalation outcome"] == [
        {"outcome": "called-is-fine"}
    ]


def test_one_that_was_erased_unseen_stays_on_the_list_until_somebody_has_seen_it(world: World, desk: AtDesk) -> None:
    desk.escalate()
    desk.records.erase("ana")
    support = world.visitor(Role.SUPPORT)
    assert "1 escalation erased before anybody saw it" in support.get("/account").text
    page = support.get("/escalations").text
    assert "before anybody acknowledged it. Nothing more is known of it." in page
    assert re.findall(r'action="(/escalations/\d+/erased)"', page) == ["/escalations/1/erased"]
    assert "before anybody acknowledged it" not in support.send("/escalations/1/erased").text
    assert support.get("/escalations/1").status_code == 404


def test_without_the_records_every_page_still_comes_and_says_so(world: World, desk: AtDesk) -> None:
    class Away:
        @property
        def reading(self) -> object:
            raise ConnectionError("no records")

        def close(self) -> None:
            pass

    world.console.desk = Away()  # type: ignore[assignment]
    page = world.visitor(Role.SUPPORT).get("/account")
    assert (page.status_code, "The records of the chat cannot be read just now." in page.text) == (200, True)


def test_the_number_of_a_phone_is_shown_with_a_reason_only(world: World, desk: AtDesk) -> None:
    store = Store(str(world.settings.sms_database))
    identity = Identity(str(world.settings.sms_key))
    phone = identity.pseudonym("+14155550100")
    with store.transaction() as connection:
        row = {"id": phone, "provider": "twilio", "number": identity.locked("+14155550100"), "forget": False}
        connection.execute(phones.insert().values(**row))
    store.close()
    desk.escalate(phone, "my face drops", channel="sms")
    support = world.visitor(Role.SUPPORT)
    assert "+1415" not in support.get("/escalations/1").text
    assert 'href="tel:+14155550100"' in support.send("/escalations/1/open", {"reason": "To call them back"}).text
    assert desk.reasons() == ["To call them back"]
    assert "+1415" not in repr(world.log())
