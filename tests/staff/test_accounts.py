"""How people get, change and lose accounts."""

from __future__ import annotations

import pytest
from httpx import Response

from bot.staff import accounts, links
from bot.staff.first_link import first_link
from bot.staff.links import Purpose
from bot.staff.passwords import problem_with
from bot.staff.roles import Role
from tests.staff.world import PASSWORD, Clock, Visitor, World

NEW = "five other plain words here"


def path_of(link: str | None) -> str:
    """The address behind the console's own."""
    assert link is not None
    return "/join/" + link.split("/join/")[1]


def join(visitor: Visitor, path: str, **fields: str) -> Response:
    return visitor.send(path, {"password": NEW, "again": NEW, **fields}, page=path)


def invited(world: World, admin: Visitor, *roles: Role, email: str = "ben@clinic.example") -> str:
    """The path of an invitation."""
    fields = {"email": email, "name": "Ben Cole", "role": [role.value for role in roles]}
    page = admin.send("/people/invite", fields, page="/people")
    return path_of(page.text.split('<code class="key">')[1].split("<")[0])


def test_the_first_link_makes_an_administrator_once(world: World) -> None:
    path = path_of(first_link(world.console.database, world.settings, world.console.clock()))
    here, there = world.nobody(), world.nobody()
    assert here.get("/sign-in").text.count("<form") == 0
    welcome = join(here, path, email="Anna@clinic.example", name=" Anna  Berg ")
    assert (welcome.url.path, "Welcome. You are signed in." in welcome.text) == ("/look-up", True)
    assert there.get(path).status_code == 410
    with world.console.database.reading() as connection:
        everybody = accounts.everybody(connection)
    assert [(one.email, one.name, one.first_name, one.roles) for one in everybody] == [
        ("anna@clinic.example", "Anna Berg", "Anna", {Role.ADMINISTRATOR, Role.SUPPORT, Role.EDITOR})
    ]
    assert first_link(world.console.database, world.settings) is None


def test_a_first_link_is_over_after_a_day_or_when_there_is_a_newer_one(world: World, clock: Clock) -> None:
    old = path_of(first_link(world.console.database, world.settings, clock.now))
    new = path_of(first_link(world.console.database, world.settings, clock.now))
    visitor = world.nobody()
    assert [visitor.get(path).status_code for path in (old, new)] == [410, 200]
    clock.pass_by(24 * 3600 + 1)
    assert visitor.get(new).status_code == 410


def test_two_people_with_the_first_link_make_one_account(world: World, clock: Clock) -> None:
    path = path_of(first_link(world.console.database, world.settings, clock.now))
    here, there = world.nobody(), world.nobody()
    token = there.token(path)
    join(here, path, email="anna@clinic.example", name="Anna")
    late = {"csrf": token, "email": "eve@clinic.example", "name": "Eve", "password": NEW, "again": NEW}
    assert there.client.post(path, data=late).status_code == 410
    with world.console.database.reading() as connection:
        assert [one.email for one in accounts.everybody(connection)] == ["anna@clinic.example"]


def test_an_invitation_gives_the_roles_it_was_made_with(world: World) -> None:
    admin = world.visitor(Role.ADMINISTRATOR)
    path = invited(world, admin, Role.EDITOR, Role.SUPPORT)
    ben = world.nobody()
    join(ben, path, name="Ben Cole", email="mallory@clinic.example", role=Role.ADMINISTRATOR.value)
    with world.console.database.reading() as connection:
        made = accounts.by_email(connection, "ben@clinic.example")
        assert accounts.by_email(connection, "mallory@clinic.example") is None
    assert made is not None
    assert made.roles == {Role.EDITOR, Role.SUPPORT}
    assert ben.get("/people").status_code == 403
    assert ben.get(path).status_code == 410
    assert world.done() == [
        ("administrator@clinic.example", "invited", "invitation:ben@clinic.example"),
        ("ben@clinic.example", "account made", f"account:{made.id}"),
    ]


def test_an_invitation_can_be_withdrawn(world: World) -> None:
    admin = world.visitor(Role.ADMINISTRATOR)
    path = invited(world, admin, Role.SUPPORT)
    with world.console.database.reading() as connection:
        waiting = links.open_invitations(connection, world.console.clock())
    admin.send("/people/withdraw", {"invitation": waiting[0].id}, page="/people")
    assert world.nobody().get(path).status_code == 410


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"email": "no address", "role": "support"}, "Write the e-mail address in full"),
        ({"email": "ben@clinic.example"}, "Choose at least one role."),
        ({"email": "administrator@clinic.example", "role": "support"}, "There is an account for this e-mail address"),
        ({"email": "ben@clinic.example", "role": "emperor"}, "Choose at least one role."),
    ],
)
def test_an_invitation_needs_an_address_and_a_role(world: World, fields: dict[str, str], problem: str) -> None:
    page = world.visitor(Role.ADMINISTRATOR).send("/people/invite", fields, page="/people")
    assert (page.status_code, problem in page.text) == (422, True)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short words", "The password needs at least 12 characters. A few words in a row are good."),
        ("ababababababab", "The password repeats the same few characters. Choose other words."),
        ("anna.berg1234", "The password is nearly the name or e-mail address. Choose other words."),
        ("x" * 201, "The password may have 200 characters at most."),
        ("four plain words here", None),
        ("päßwörter sind länger", None),
    ],
)
def test_which_passwords_are_accepted(password: str, problem: str | None) -> None:
    assert problem_with(password, "Anna Berg", "anna.berg@clinic.example") == problem


@pytest.mark.parametrize(("again", "password"), [("another one entirely", NEW), ("short", "short")])
def test_a_refused_password_leaves_the_link_as_it_was(world: World, again: str, password: str) -> None:
    path = invited(world, world.visitor(Role.ADMINISTRATOR), Role.SUPPORT)
    ben = world.nobody()
    assert join(ben, path, name="Ben", password=password, again=again).status_code == 422
    assert join(ben, path, name="Ben").url.path == "/look-up"


def test_a_changed_password_signs_every_other_browser_out(world: World) -> None:
    anna = world.person(Role.SUPPORT)
    here, there = world.signed_in(anna), world.signed_in(anna)
    assert here.send("/account/password", {"password": "wrong", "new": NEW, "again": NEW}).status_code == 422
    here.send("/account/password", {"password": PASSWORD, "new": NEW, "again": NEW})
    assert [visitor.get("/account").url.path for visitor in (here, there)] == ["/account", "/sign-in"]
    fields = {"email": anna.email, "password": NEW}
    assert world.nobody().send("/sign-in", fields, page="/sign-in").url.path == "/look-up"


def test_a_link_to_a_new_password_works_once_and_keeps_the_second_factor(world: World) -> None:
    anna = world.person(Role.SUPPORT, email="anna@clinic.example")
    admin = world.visitor(Role.ADMINISTRATOR)
    page = admin.send(f"/people/{anna.id}/reset", page="/people")
    path = path_of(page.text.split('<code class="key">')[1].split("<")[0])
    visitor = world.nobody()
    assert join(visitor, path).url.path == "/look-up"
    assert visitor.get(path).status_code == 410


def test_patients_see_the_first_name_a_person_chose(world: World) -> None:
    visitor = world.visitor(Role.SUPPORT)
    visitor.send("/account/name", {"name": "Anna Maria Berg", "first_name": "Anna Maria"})
    with world.console.database.reading() as connection:
        anna = accounts.by_email(connection, "support@clinic.example")
    assert anna is not None
    assert (anna.name, anna.first_name) == ("Anna Maria Berg", "Anna Maria")
    assert visitor.send("/account/name", {"name": " ", "first_name": "A"}).status_code == 422


def test_roles_take_effect_with_the_next_page(world: World) -> None:
    anna = world.person(Role.SUPPORT, email="anna@clinic.example")
    hers, admin = world.signed_in(anna), world.visitor(Role.ADMINISTRATOR)
    assert hers.get("/log").status_code == 403
    admin.send(f"/people/{anna.id}/roles", {"role": [Role.ADMINISTRATOR.value]}, page="/people")
    assert hers.get("/log").status_code == 200
    assert world.log()[-1].details == {"from": ["support"], "to": ["administrator"]}


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(world: World) -> None:
    anna = world.person(Role.SUPPORT, email="anna@clinic.example")
    hers, admin = world.signed_in(anna), world.visitor(Role.ADMINISTRATOR)
    admin.send(f"/people/{anna.id}/close", page="/people")
    assert hers.get("/account").url.path == "/sign-in"
    admin.send(f"/people/{anna.id}/open", page="/people")
    assert world.signed_in(anna).get("/account").url.path == "/account"


@pytest.mark.parametrize(("path", "fields"), [("roles", {"role": ["support"]}), ("close", {})])
def test_the_last_administrator_stays(world: World, path: str, fields: dict[str, list[str]]) -> None:
    admin = world.person(Role.ADMINISTRATOR)
    page = world.signed_in(admin).send(f"/people/{admin.id}/{path}", fields, page="/people")
    assert (page.status_code, "This is the last administrator." in page.text) == (422, True)
    assert world.signed_in(admin).get("/people").status_code == 200


def test_only_a_hash_of_a_link_is_kept(world: World, clock: Clock) -> None:
    with world.change() as connection:
        token = links.make(connection, Purpose.INVITATION, clock.now, email="ben@clinic.example")
    assert token not in str(world.rows(links.links.select()))
