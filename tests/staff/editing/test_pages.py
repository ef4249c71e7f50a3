"""The pages of Improve, used without scripts: write, hand in, review, publish, go back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from httpx import Response

from bot.staff.editing.form import in_form
from bot.staff.editing.items import file_item
from bot.staff.roles import Role
from knowledge.library import LibraryReader
from tests.knowledge.content import write_topic
from tests.staff.editing.newsroom import draft, publish, toe
from tests.staff.world import Clock, Visitor, World

PAGE = "/improve/topic:cold-toe"


@pytest.fixture
def anna(desk_world: World) -> Visitor:
    return desk_world.signed_in(desk_world.person(Role.EDITOR, email="anna@clinic.example", name="Anna Berg"))


@pytest.fixture
def ben(desk_world: World) -> Visitor:
    return desk_world.signed_in(desk_world.person(Role.EDITOR, email="ben@clinic.example", name="Ben Roth"))


@pytest.fixture
def care(desk_world: World) -> Visitor:
    person = desk_world.person(Role.CLINICAL_REVIEWER, email="care@clinic.example", name="Care Lind")
    return desk_world.signed_in(person)


def form(content: dict[str, Any], revision: int, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form of a topic."""
    return {**in_form(content), "related": content["related"], "sources": content["sources"], "revision": revision,
            **changes}  # fmt: skip


def revision_on(page: Response) -> str:
    return page.text.split('name="revision" value="')[1].split('"')[0]


def short(world: World) -> str:
    world.console.publisher.look()
    reader = LibraryReader(world.settings.library_path)
    try:
        return reader.topics()["cold-toe"].short
    finally:
        reader.close()


def test_from_a_word_that_is_wrong_to_what_the_bot_reads(desk_world: World, anna: Visitor, ben: Visitor) -> None:
    desk_world.console.publisher.look()
    assert "Cold" not in anna.get("/improve?q=heel").text
    assert "What the files say." in anna.get(PAGE).text
    begun = anna.send(f"{PAGE}/begin")
    assert begun.url.path == f"{PAGE}/edit"
    saved = anna.send(f"{PAGE}/edit", form(toe(), 1, short="Warm it. Don't wait."))
    assert "Mend: write &#39;Don&#39;t&#39; out in full" in saved.text
    refused = anna.send(f"{PAGE}/submit", {"note": "see"})
    assert "Mend this first: short: write &#39;Don&#39;t&#39; out in full" in refused.text
    anna.send(f"{PAGE}/edit", form(toe(), 2, short="Warm it. Do not wait.", after="done"))
    handed = anna.send(f"{PAGE}/submit", {"note": "One word was wrong."})
    assert "It waits for somebody else&#39;s review." in handed.text
    assert "Somebody who did not write on it decides." in anna.get(f"{PAGE}/review").text
    own = anna.send(f"{PAGE}/approve", {"revision": 3})
    assert "You wrote on this yourself. Somebody else must review it." in own.text

    assert f'href="{PAGE}/review"' in ben.get("/improve").text
    review = ben.get(f"{PAGE}/review")
    assert "<mark>Warm</mark>" in review.text or "Warm it. Do not wait." in review.text
    assert "One word was wrong." in review.text
    assert "I am a clinician" not in review.text
    published = ben.send(f"{PAGE}/approve", {"revision": revision_on(review), "due": "2028-02-01"})
    assert "It is published. Running bots take it in within seconds." in published.text
    assert short(desk_world) == "Warm it. Do not wait."
    page = ben.get(PAGE).text
    assert "<strong>Live</strong> in every running bot." in page
    assert "Version 1, published" in page
    assert desk_world.done() == [
        ("anna@clinic.example", "edit begun", "topic:cold-toe"),
        ("anna@clinic.example", "draft saved", "topic:cold-toe"),
        ("anna@clinic.example", "draft saved", "topic:cold-toe"),
        ("anna@clinic.example", "edit handed in", "topic:cold-toe"),
        ("ben@clinic.example", "edit approved", "topic:cold-toe"),
    ]

    version = anna.get(f"{PAGE}/versions/0")
    assert "What has changed since" in version.text
    back = anna.send(f"{PAGE}/versions/0/restore")
    assert "What the files say is back." in back.text
    assert short(desk_world) == toe()["short"]


def test_a_reviewer_sends_back_plans_and_calls_off(
    desk_world: World, anna: Visitor, care: Visitor, clock: Clock
) -> None:
    desk_world.console.publisher.look()
    draft(desk_world, toe(short="Warm it now."))
    anna.send(f"{PAGE}/submit")
    care.send(f"{PAGE}/send-back", {"note": "Say for how long."})
    assert "Say for how long." in anna.get(PAGE).text
    anna.send(f"{PAGE}/submit")
    when = datetime.fromtimestamp(clock.now + 86400).strftime("%Y-%m-%dT%H:%M")
    planned = care.send(
        f"{PAGE}/approve",
        {"revision": revision_on(care.get(f"{PAGE}/review")), "publish_at": when, "signed_off": "yes"},
    )
    assert "It is planned." in planned.text
    assert "Call it off" in planned.text
    assert short(desk_world) == toe()["short"]
    assert "It is called off." in care.send(f"{PAGE}/cancel").text
    clock.pass_by(3 * 86400)
    assert short(desk_world) == toe()["short"]


def test_two_who_write_at_once_see_each_others_words_and_lose_none(
    desk_world: World, anna: Visitor, ben: Visitor
) -> None:
    anna.send(f"{PAGE}/begin")
    anna.send(f"{PAGE}/edit", form(toe(), 1, short="Anna wrote this."))
    late = ben.send(f"{PAGE}/edit", form(toe(), 1, short="Ben wrote that."))
    assert late.status_code == 409
    assert "Somebody else saved this while you wrote." in late.text
    assert "Anna" in late.text
    assert "Ben wrote that.</textarea>" in late.text
    ben.send(f"{PAGE}/edit", form(toe(), int(revision_on(late)), short="Both wrote this."))
    assert "Both wrote this.</textarea>" in anna.get(f"{PAGE}/edit").text


def test_what_changed_beside_an_edit_is_compared_before_it_is_handed_in(desk_world: World, anna: Visitor) -> None:
    draft(desk_world, toe(short="Warm it now."))
    write_topic(desk_world.settings.knowledge_folder, "cold-toe", "warm-heel", short="By commit now.")
    page = anna.get(f"{PAGE}/edit")
    assert "What patients get was changed since this edit began." in page.text
    assert "By" in page.text
    assert "changed since this edit began" in anna.send(f"{PAGE}/submit").text
    anna.send(f"{PAGE}/edit", form(toe(), int(revision_on(page)), short="Both now.", compared="yes"))
    assert "It waits for somebody else&#39;s review." in anna.send(f"{PAGE}/submit").text


def test_a_clash_is_decided_on_its_page(desk_world: World, care: Visitor) -> None:
    publish(desk_world, toe(short="Warm it now."))
    write_topic(desk_world.settings.knowledge_folder, "cold-toe", "warm-heel", short="By commit now.")
    assert "Clashes: the file was changed beside an edit" in care.get("/improve").text
    assert "Take what the file says" in care.get(PAGE).text
    assert "What the file says is in force." in care.send(f"{PAGE}/take").text
    assert short(desk_world) == "By commit now."


def test_a_new_topic_begins_empty_and_says_what_it_needs(desk_world: World, anna: Visitor) -> None:
    page = anna.send("/improve/new", {"title": "Night splints", "slug": "night-splint"})
    assert page.url.path == "/improve/topic:night-splint/edit"
    assert "Mend: has 0; at least 12 are needed" in page.text
    again = anna.send("/improve/new", {"title": "Toe", "slug": "cold-toe"})
    assert "There is a topic of this name already." in again.text
    assert "small letters" in anna.send("/improve/new", {"title": "Toe", "slug": "../x"}).text
    given_up = anna.send("/improve/topic:night-splint/withdraw")
    assert "The edit is given up." in given_up.text


def test_a_review_that_is_due_is_asked_for_without_a_change(desk_world: World, anna: Visitor, ben: Visitor) -> None:
    assert "About a cold toe" in anna.get("/improve").text.split("Reviews that are due")[1].split("</section>")[0]
    desk_world.console.publisher.look()
    anna.send(f"{PAGE}/again")
    review = ben.get(f"{PAGE}/review")
    assert "Nothing changes. The question is whether this is still right." in review.text
    ben.send(f"{PAGE}/approve", {"revision": revision_on(review), "due": "2030-01-01"})
    assert "About a cold toe" not in ben.get("/improve").text.split("Reviews that are due")[1].split("</section>")[0]


def test_as_one_writes_the_same_checks_come_as_json_and_nothing_is_saved(desk_world: World, anna: Visitor) -> None:
    anna.send(f"{PAGE}/begin")
    told = anna.send(f"{PAGE}/check", form(toe(), 1, short="Don't.", steps=""))
    found = told.json()
    assert found["mistakes"] == {
        "short": ["write 'Don't' out in full"],
        "steps": ["has 0; at least 1 are needed"],
    }
    assert found["measures"]["answer"]["told"].endswith("85 words of 60 to 140")
    assert (found["near"], found["taken"]) == (None, None)  # the bot's reading is not loaded here
    assert toe()["short"] in anna.get(f"{PAGE}/edit").text


def test_the_preview_shows_what_the_bot_says_on_page_and_phone(desk_world: World, anna: Visitor) -> None:
    draft(desk_world, toe(short="Warm it now."))
    desk_world.console.publisher.look()
    page = anna.get(f"{PAGE}/preview").text
    for part in ("<p>Warm it now.</p>", "What you can do:", "<li>Sit down.</li>", "1 segment", "Where is this from?"):
        assert part in page


def test_red_flags_are_edited_as_a_file_which_only_a_clinical_reviewer_publishes(
    desk_world: World, anna: Visitor, ben: Visitor, care: Visitor
) -> None:
    item = file_item("red_flags/seizure.yml")
    page = "/improve/file:red_flags~seizure.yml"
    path = desk_world.settings.knowledge_folder / item.name
    text = path.read_text(encoding="utf-8")
    assert item.name in anna.get("/improve").text
    anna.send(f"{page}/begin")
    wrong = anna.send(f"{page}/edit", {"revision": 1, "text": text.replace("slug: seizure", "slug: fit", 1)})
    assert "must be the file&#39;s name, &#39;seizure&#39;" in wrong.text
    assert "Mend this first" in anna.send(f"{page}/submit").text
    windows = (text + "# looked at").replace("\n", "\r\n")
    anna.send(f"{page}/edit", {"revision": 2, "text": windows})
    anna.send(f"{page}/submit")
    refused = ben.send(f"{page}/approve", {"revision": 3})
    assert "This needs a clinical reviewer." in refused.text
    done = care.send(f"{page}/approve", {"revision": 3})
    assert "It is published. It takes effect when the bot starts next." in done.text
    with desk_world.change() as connection:
        seen = desk_world.console.editing.see(connection, item, desk_world.console.clock())
    assert seen.now.content == {"text": text + "# looked at\n"}
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "path",
    ["/improve/topic:nowhere", "/improve/file:sources.yml", "/improve/..~..~etc", "/improve/topic:cold-toe/versions/9",
     "/improve/topic:cold-toe/versions/x"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(desk_world: World, anna: Visitor, path: str) -> None:
    assert anna.get(path).status_code == 404


def test_while_the_files_have_a_mistake_the_page_says_so(desk_world: World, anna: Visitor) -> None:
    broken = write_topic(desk_world.settings.knowledge_folder, "warm-heel", "cold-toe", steps=[])
    page = anna.get("/improve")
    assert page.status_code == 503
    assert str(broken) in page.text
