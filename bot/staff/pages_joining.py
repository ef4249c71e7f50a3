"""What one-time links lead to: the first account, an invitation, a new password."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from bot.staff import accounts, audit, links, sessions
from bot.staff.accounts import AccountProblem
from bot.staff.cookies import set_cookie
from bot.staff.links import Link, Purpose
from bot.staff.passwords import problem_with
from bot.staff.roles import FIRST_ROLES, Permission
from bot.staff.routing import Routes
from bot.staff.tokens import kept
from bot.staff.visit import Problem, Visit

routes = Routes()


@routes.get("/join/{token}", Permission.ANYONE)
def joining_page(visit: Visit) -> Response:
    """The form behind a link."""
    return _form(visit, _link(visit), "")


@routes.post("/join/{token}", Permission.ANYONE)
def join(visit: Visit) -> Response:
    """Make the account, or set the new password; the link is used up."""
    link = _link(visit)
    password = str(visit.form.get("password", ""))
    name, email = visit.field("name"), visit.field("email") if link.purpose is Purpose.FIRST else link.email
    problem = problem_with(password, name, email)
    if problem is None and password != str(visit.form.get("again", "")):
        problem = "The two passwords differ. Write the same one twice."
    if problem is not None:
        return _form(visit, link, problem, 422)
    try:
        with visit.console.database.transaction() as connection:
            if not links.use(connection, link, visit.now):
                raise _used_up()
            if link.purpose is Purpose.PASSWORD and link.account is not None:
                account = link.account
                accounts.set_password(connection, account, password, visit.now)
                action = "password set by link"
            else:
                if link.purpose is Purpose.FIRST and accounts.any_exist(connection):
                    raise _used_up()
                roles = FIRST_ROLES if link.purpose is Purpose.FIRST else link.roles
                account = accounts.create(connection, email, name, password, roles, visit.now)
                action = "account made"
            made = accounts.by_id(connection, account)
            if made is None or not made.active:
                raise _used_up()
            audit.note(
                connection, account, made.email, action, f"account:{account}", {"link": link.purpose.value}, visit.now
            )
            if made.second_factor:
                return RedirectResponse("/sign-in", 303)
            browser = visit.request.headers.get("user-agent", "")
            token = sessions.start(connection, account, browser, visit.now, complete=True)
            sessions.say_later(connection, kept(token), "done", "Welcome. You are signed in.")
    except AccountProblem as problem_found:
        return _form(visit, link, str(problem_found), 422)
    response = RedirectResponse("/", 303)
    set_cookie(response, visit.console, token)
    return response


def _link(visit: Visit) -> Link:
    with visit.console.database.reading() as connection:
        link = links.find(connection, visit.path("token"), visit.now)
        taken = link is not None and link.purpose is Purpose.FIRST and accounts.any_exist(connection)
    if link is None or taken:
        raise _used_up()
    return link


def _used_up() -> Problem:
    words = "It was used already, is too old, or was replaced by a newer one. Ask an administrator for a new link."
    return Problem(410, "This link does not work any more", words)


def _form(visit: Visit, link: Link, problem: str, status: int = 200) -> Response:
    name, email = visit.field("name") or link.name, visit.field("email") or link.email
    return visit.page("joining.html", status, link=link, problem=problem, name=name, email=email)
