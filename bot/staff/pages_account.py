"""One's own account: name, password, second factor, where one is signed in."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from bot.staff import accounts, lockout, second_factor, sessions
from bot.staff.accounts import AccountProblem
from bot.staff.cookies import set_cookie
from bot.staff.passwords import is_right, problem_with
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.tokens import kept
from bot.staff.visit import Visit

routes = Routes()


@routes.get("/account", Permission.SIGNED_IN)
def account_page(visit: Visit) -> Response:
    """The account as it is."""
    return _page(visit)


@routes.post("/account/name", Permission.SIGNED_IN)
def change_name(visit: Visit) -> Response:
    """Change one's name, and the first name that patients see."""
    try:
        with visit.console.database.transaction() as connection:
            accounts.set_name(connection, visit.signed_in.id, visit.field("name"), visit.field("first_name"))
            visit.note(connection, "name changed", f"account:{visit.signed_in.id}")
    except AccountProblem as problem:
        return _page(visit, str(problem), 422)
    return visit.to("/account", done="Your name is changed.")


@routes.post("/account/password", Permission.SIGNED_IN)
def change_password(visit: Visit) -> Response:
    """Change the password; every other browser is signed out."""
    new = str(visit.form.get("new", ""))
    problem = _wrong_password(visit) or problem_with(new, visit.signed_in.name, visit.signed_in.email)
    if problem is None and new != str(visit.form.get("again", "")):
        problem = "The two new passwords differ. Write the same one twice."
    if problem is not None:
        return _page(visit, problem, 422)
    with visit.console.database.transaction() as connection:
        accounts.set_password(connection, visit.signed_in.id, new, visit.now)
        visit.note(connection, "password changed", f"account:{visit.signed_in.id}")
        browser = visit.request.headers.get("user-agent", "")
        token = sessions.start(connection, visit.signed_in.id, browser, visit.now, complete=True)
        words = "Your password is changed. You are signed out in every other browser."
        sessions.say_later(connection, kept(token), "done", words)
    response = RedirectResponse("/account", 303)
    set_cookie(response, visit.console, token)
    return response


@routes.post("/account/sign-out-everywhere", Permission.SIGNED_IN)
def sign_out_everywhere(visit: Visit) -> Response:
    """End every session, this one too."""
    with visit.console.database.transaction() as connection:
        ended = accounts.end_sessions(connection, visit.signed_in.id)
        visit.note(connection, "signed out everywhere", f"account:{visit.signed_in.id}", {"sessions": ended})
    return RedirectResponse("/sign-in", 303)


@routes.post("/account/second-factor", Permission.SIGNED_IN)
def begin_second_factor(visit: Visit) -> Response:
    """Make a secret for the phone to take in."""
    if visit.signed_in.second_factor:
        return visit.to("/account", problem="The second factor is on already.")
    problem = _wrong_password(visit)
    if problem is not None:
        return _page(visit, problem, 422)
    with visit.console.database.transaction() as connection:
        second_factor.begin(connection, visit.console.key, visit.signed_in.id)
        visit.note(connection, "second factor begun", f"account:{visit.signed_in.id}")
    return visit.to("/account/second-factor")


@routes.get("/account/second-factor", Permission.SIGNED_IN)
def second_factor_page(visit: Visit) -> Response:
    """The QR code and the first code from it."""
    return _second_factor_page(visit, "")


@routes.get("/account/second-factor/code.svg", Permission.SIGNED_IN)
def second_factor_picture(visit: Visit) -> Response:
    """The QR code."""
    with visit.console.database.reading() as connection:
        secret = second_factor.waiting_secret(connection, visit.console.key, visit.signed_in.id)
    if secret is None:
        return visit.to("/account")
    return Response(second_factor.picture(secret, visit.signed_in.email), media_type="image/svg+xml")


@routes.post("/account/second-factor/on", Permission.SIGNED_IN)
def turn_on_second_factor(visit: Visit) -> Response:
    """Turn it on, once a code shows that the phone has the secret; the recovery codes are shown once."""
    if visit.signed_in.second_factor:
        return visit.to("/account")
    with visit.console.database.transaction() as connection:
        right = second_factor.is_code(connection, visit.console.key, visit.signed_in.id, visit.field("code"), visit.now)
        if right:
            codes = second_factor.turn_on(connection, visit.signed_in.id)
            visit.note(connection, "second factor on", f"account:{visit.signed_in.id}")
    if not right:
        return _second_factor_page(visit, "The code is not right. Wait for the next one, and check the phone's clock.")
    return visit.page("recovery_codes.html", codes=codes)


@routes.post("/account/second-factor/off", Permission.SIGNED_IN)
def turn_off_second_factor(visit: Visit) -> Response:
    """Turn it off again."""
    problem = _wrong_password(visit)
    if problem is not None:
        return _page(visit, problem, 422)
    with visit.console.database.transaction() as connection:
        accounts.without_second_factor(connection, visit.signed_in.id)
        visit.note(connection, "second factor off", f"account:{visit.signed_in.id}")
    return visit.to("/account", done="The second factor is off.")


def _wrong_password(visit: Visit) -> str | None:
    """Why the present password was not accepted; None when it was. Wrong ones count like those at the door."""
    who = [lockout.account(visit.signed_in.email)]
    with visit.console.database.reading() as connection:
        wait = lockout.seconds_to_wait(connection, who, visit.now)
        kept = accounts.password_hash(connection, visit.signed_in.id)
    if wait:
        return f"Too many wrong answers. Try again in {wait} seconds."
    if is_right(str(visit.form.get("password", "")), kept):
        return None
    with visit.console.database.transaction() as connection:
        lockout.count(connection, who, visit.now)
        visit.note(connection, "password refused", f"account:{visit.signed_in.id}")
    return "Your present password is not right."


def _page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    with visit.console.database.reading() as connection:
        signed_in = sessions.of_account(connection, visit.signed_in.id, visit.now, visit.console.limits)
        codes = second_factor.codes_left(connection, visit.signed_in.id)
    return visit.page("account.html", status, problem=problem, sessions=signed_in, codes_left=codes)


def _second_factor_page(visit: Visit, problem: str) -> Response:
    with visit.console.database.reading() as connection:
        secret = second_factor.waiting_secret(connection, visit.console.key, visit.signed_in.id)
    if secret is None:
        return visit.to("/account")
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return visit.page("second_factor.html", 422 if problem else 200, secret=spaced, problem=problem)
