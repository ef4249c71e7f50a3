"""For administrators: who has an account, invitations, roles, and the log."""

from __future__ import annotations

from starlette.responses import Response

from bot.staff import accounts, audit, links
from bot.staff.accounts import Account, AccountProblem, tidy_email
from bot.staff.console import own_address
from bot.staff.links import Purpose
from bot.staff.roles import Permission, Role
from bot.staff.routing import Routes
from bot.staff.visit import Visit, not_found

routes = Routes()

ROWS = 100


@routes.get("/people", Permission.PEOPLE)
def people_page(visit: Visit) -> Response:
    """Everybody, and open invitations."""
    return _page(visit)


@routes.post("/people/invite", Permission.PEOPLE)
def invite(visit: Visit) -> Response:
    """Make a one-time link for a new person. It is shown once, to be handed on."""
    roles = _roles(visit)
    try:
        email = tidy_email(visit.field("email"))
        if not roles:
            raise AccountProblem("Choose at least one role.")
        with visit.console.database.transaction() as connection:
            if accounts.by_email(connection, email):
                raise AccountProblem("There is an account for this e-mail address already.")
            token = links.make(
                connection, Purpose.INVITATION, visit.now,
                email=email, name=visit.field("name"), roles=roles, made_by=visit.signed_in.id,
            )  # fmt: skip
            given = sorted(role.value for role in roles)
            visit.note(connection, "invited", f"invitation:{email}", {"roles": given})
    except AccountProblem as problem:
        return _page(visit, str(problem), 422)
    return _link_page(visit, token, email, "joins", 7)


@routes.post("/people/withdraw", Permission.PEOPLE)
def withdraw(visit: Visit) -> Response:
    """Take an invitation back."""
    with visit.console.database.transaction() as connection:
        link = links.withdraw(connection, visit.field("invitation"))
        if link is not None:
            visit.note(connection, "invitation withdrawn", f"invitation:{link.email}")
    if link is None:
        return visit.to("/people", problem="That invitation was used or withdrawn already.")
    return visit.to("/people", done=f"The invitation for {link.email} is withdrawn.")


@routes.get("/people/{account}", Permission.PEOPLE)
def person_page(visit: Visit) -> Response:
    """One person."""
    return visit.page("person.html", person=_person(visit), all_roles=list(Role), problem="")


@routes.post("/people/{account}/roles", Permission.PEOPLE)
def change_roles(visit: Visit) -> Response:
    """Give and take roles."""
    person, roles = _person(visit), _roles(visit)
    try:
        with visit.console.database.transaction() as connection:
            accounts.set_roles(connection, person.id, roles)
            facts = {"from": sorted(role.value for role in person.roles), "to": sorted(role.value for role in roles)}
            visit.note(connection, "roles changed", f"account:{person.id}", facts)
    except AccountProblem as problem:
        return visit.page("person.html", 422, person=person, all_roles=list(Role), problem=str(problem))
    return visit.to("/people", done=f"The roles of {person.name} are changed.")


@routes.post("/people/{account}/close", Permission.PEOPLE)
def close(visit: Visit) -> Response:
    """Close an account: it is signed out everywhere at once."""
    person = _person(visit)
    try:
        with visit.console.database.transaction() as connection:
            accounts.set_active(connection, person.id, False)
            visit.note(connection, "account closed", f"account:{person.id}")
    except AccountProblem as problem:
        return visit.page("person.html", 422, person=person, all_roles=list(Role), problem=str(problem))
    return visit.to("/people", done=f"The account of {person.name} is closed.")


@routes.post("/people/{account}/open", Permission.PEOPLE)
def open_again(visit: Visit) -> Response:
    """Open a closed account again."""
    person = _person(visit)
    with visit.console.database.transaction() as connection:
        accounts.set_active(connection, person.id, True)
        visit.note(connection, "account opened", f"account:{person.id}")
    return visit.to("/people", done=f"The account of {person.name} is open again.")


@routes.post("/people/{account}/sign-out", Permission.PEOPLE)
def sign_out_person(visit: Visit) -> Response:
    """Sign a person out everywhere: a lost phone, for example."""
    person = _person(visit)
    with visit.console.database.transaction() as connection:
        ended = accounts.end_sessions(connection, person.id)
        visit.note(connection, "signed out by administrator", f"account:{person.id}", {"sessions": ended})
    return visit.to("/people", done=f"{person.name} is signed out everywhere.")


@routes.post("/people/{account}/reset", Permission.PEOPLE)
def reset(visit: Visit) -> Response:
    """Make a one-time link to a new password."""
    person = _person(visit)
    with visit.console.database.transaction() as connection:
        token = links.make(
            connection, Purpose.PASSWORD, visit.now, email=person.email, account=person.id, made_by=visit.signed_in.id
        )
        visit.note(connection, "password link made", f"account:{person.id}")
    return _link_page(visit, token, person.email, "chooses a new password", 1)


@routes.post("/people/{account}/second-factor-off", Permission.PEOPLE)
def second_factor_off(visit: Visit) -> Response:
    """Take the second factor off an account whose phone and recovery codes are gone."""
    person = _person(visit)
    with visit.console.database.transaction() as connection:
        accounts.without_second_factor(connection, person.id)
        accounts.end_sessions(connection, person.id)
        visit.note(connection, "second factor taken off", f"account:{person.id}")
    return visit.to("/people", done=f"{person.name} signs in without a second factor now.")


@routes.get("/log", Permission.AUDIT)
def log_page(visit: Visit) -> Response:
    """What was done, newest first, and whether the log is whole."""
    before = visit.asked("before")
    with visit.console.database.reading() as connection:
        rows = audit.entries(connection, ROWS, int(before) if before.isascii() and before.isdigit() else None)
        broken = audit.first_broken(connection)
    older = rows[-1].id if len(rows) == ROWS else None
    return visit.page("log.html", rows=rows, broken=broken, older=older)


def _roles(visit: Visit) -> set[Role]:
    known = {role.value: role for role in Role}
    return {known[value] for value in visit.fields("role") if value in known}


def _person(visit: Visit) -> Account:
    with visit.console.database.reading() as connection:
        person = accounts.by_id(connection, visit.number("account"))
    if person is None:
        raise not_found("There is no such person.")
    return person


def _page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    with visit.console.database.reading() as connection:
        people = accounts.everybody(connection)
        invitations = links.open_invitations(connection, visit.now)
    return visit.page(
        "people.html", status, people=people, invitations=invitations, all_roles=list(Role), problem=problem,
        email=visit.field("email"), name=visit.field("name"),
    )  # fmt: skip


def _link_page(visit: Visit, token: str, email: str, does: str, days: int) -> Response:
    address = f"{own_address(visit.console.settings)}/join/{token}"
    return visit.page("link.html", address=address, email=email, does=does, days=days)
