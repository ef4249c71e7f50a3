"""Signing in and out."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from bot.staff import accounts, audit, lockout, second_factor, sessions
from bot.staff.cookies import set_cookie
from bot.staff.passwords import is_outdated, is_right
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.sessions import Session
from bot.staff.visit import Visit

routes = Routes()

WRONG = "The e-mail address or the password is not right."
WRONG_CODE = "The code is not right. Take the newest one from your phone; each works once."


@routes.get("/", Permission.SIGNED_IN)
def start(visit: Visit) -> Response:
    """Where a person begins."""
    return visit.to("/look-up" if visit.may(Permission.LOOK_UP) else "/account")


@routes.get("/sign-in", Permission.ANYONE)
def sign_in_page(visit: Visit) -> Response:
    """The form to sign in with."""
    if visit.account is not None:
        return visit.to(_safe(visit.asked("next")))
    with visit.console.database.reading() as connection:
        empty = not accounts.any_exist(connection)
    return visit.page("sign_in.html", next=_safe(visit.asked("next")), email="", problem="", empty=empty)


@routes.post("/sign-in", Permission.ANYONE)
def sign_in(visit: Visit) -> Response:
    """Check e-mail address and password. The answer does not tell which of the two was wrong."""
    email, password, going = visit.field("email"), str(visit.form.get("password", "")), _safe(visit.field("next"))
    who = [lockout.account(email), lockout.address(visit.address)]
    with visit.console.database.transaction() as connection:
        wait = lockout.seconds_to_wait(connection, who, visit.now)
        counted = [] if wait else lockout.count(connection, who, visit.now)
        account = accounts.by_email(connection, email)
        kept = accounts.password_hash(connection, account.id) if account else None
    if wait:
        return _again(visit, email, going, f"Too many wrong answers. Try again in {_in_words(wait)}.", 429)
    right = is_right(password, kept)  # slow on purpose, so outside of any transaction
    with visit.console.database.transaction() as connection:
        if not right or account is None:
            visit.note(connection, "sign-in refused", f"account:{account.id}" if account else "account:unknown")
        else:
            if kept and is_outdated(kept):
                accounts.renew_hash(connection, account.id, password)
            if visit.session is not None:
                sessions.end(connection, visit.session.id)
            sessions.forget_old(connection, visit.now, visit.console.limits)
            lockout.forget_old(connection, visit.now)
            complete = not account.second_factor
            lockout.take_back(connection, counted)
            if complete:
                lockout.forget(connection, who[0])
                _note_sign_in(visit, connection, account)
            browser = visit.request.headers.get("user-agent", "")
            token = sessions.start(connection, account.id, browser, visit.now, complete=complete)
    if not right or account is None:
        return _again(visit, email, going, WRONG, 401)
    response = RedirectResponse(going if complete else f"/sign-in/code?next={quote(going)}", 303)
    set_cookie(response, visit.console, token)
    return response


@routes.get("/sign-in/code", Permission.ANYONE)
def code_page(visit: Visit) -> Response:
    """The form for the code from the phone."""
    if visit.session is None or visit.account is not None:
        return visit.to("/sign-in")
    return visit.page("sign_in_code.html", next=_safe(visit.asked("next")), problem="")


@routes.post("/sign-in/code", Permission.ANYONE)
def code(visit: Visit) -> Response:
    """Check the code, or a recovery code."""
    going, said = _safe(visit.field("next")), visit.field("code")
    if visit.session is None or visit.account is not None:
        return visit.to("/sign-in")
    problem, status, token = _checked(visit, visit.session, said)
    if token is None:
        return visit.page("sign_in_code.html", status, next=going, problem=problem)
    response = RedirectResponse(going, 303)
    set_cookie(response, visit.console, token)
    return response


@routes.post("/sign-out", Permission.SIGNED_IN)
def sign_out(visit: Visit) -> Response:
    """End this session."""
    with visit.console.database.transaction() as connection:
        if visit.session is not None:
            sessions.end(connection, visit.session.id)
        visit.note(connection, "signed out", f"account:{visit.signed_in.id}")
    return RedirectResponse("/sign-in", 303)


def _checked(visit: Visit, session: Session, said: str) -> tuple[str, int, str | None]:
    """What is wrong with a code, with the status to answer, or the token of the session that it opens."""
    with visit.console.database.transaction() as connection:
        account = accounts.by_id(connection, session.account)
        if account is None or not account.active:
            sessions.end(connection, session.id)
            return WRONG_CODE, 401, None
        who = [lockout.account(account.email), lockout.address(visit.address)]
        wait = lockout.seconds_to_wait(connection, who, visit.now)
        if wait:
            return f"Too many wrong answers. Try again in {_in_words(wait)}.", 429, None
        counted = lockout.count(connection, who, visit.now)
        right = second_factor.is_code(connection, visit.console.key, account.id, said, visit.now)
        if not right and second_factor.use_recovery_code(connection, account.id, said):
            right = True
            visit.note(connection, "recovery code used", f"account:{account.id}")
        if not right:
            visit.note(connection, "sign-in refused", f"account:{account.id}", {"factor": "code"})
            return WRONG_CODE, 401, None
        lockout.take_back(connection, counted)
        lockout.forget(connection, who[0])
        sessions.end(connection, session.id)
        _note_sign_in(visit, connection, account)
        return "", 200, sessions.start(connection, account.id, session.browser, visit.now, complete=True)


def _note_sign_in(visit: Visit, connection: Connection, account: accounts.Account) -> None:
    audit.note(connection, account.id, account.email, "signed in", f"account:{account.id}", at=visit.now)


def _again(visit: Visit, email: str, going: str, problem: str, status: int) -> Response:
    return visit.page("sign_in.html", status, next=going, email=email, problem=problem, empty=False)


def _safe(path: str) -> str:
    """A page of the console to go on to: never another site."""
    parts = urlsplit(path)
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc
    return path if plain and path.isprintable() and "\\" not in path else "/"


def _in_words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
