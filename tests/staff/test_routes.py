"""Who may use which address of the console: the whole table, walked as everybody."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from bot.staff.app import PARTS
from bot.staff.roles import Permission, Role
from bot.staff.routing import PermissionMissing, Routes, all_routes
from tests.staff.world import Visitor, World

ALL = "support editor clinical-reviewer administrator"
SUPPORT = "support"
PATIENTS = "support clinical-reviewer"
ADMINISTRATOR = "administrator"
ANSWERING = "support editor clinical-reviewer"
EDITORS = "editor clinical-reviewer"
OPEN = "nobody support editor clinical-reviewer administrator"

WHO_MAY = {
    "GET /events": ALL,
    "GET /static/{name}": OPEN,
    "GET /health": OPEN,
    "GET /": ALL,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "GET /sign-in/code": OPEN,
    "POST /sign-in/code": OPEN,
    "POST /sign-out": ALL,
    "GET /join/{token}": OPEN,
    "POST /join/{token}": OPEN,
    "GET /account": ALL,
    "POST /account/name": ALL,
    "POST /account/password": ALL,
    "POST /account/sign-out-everywhere": ALL,
    "POST /account/second-factor": ALL,
    "GET /account/second-factor": ALL,
    "GET /account/second-factor/code.svg": ALL,
    "POST /account/second-factor/on": ALL,
    "POST /account/second-factor/off": ALL,
    "GET /people": ADMINISTRATOR,
    "POST /people/invite": ADMINISTRATOR,
    "POST /people/withdraw": ADMINISTRATOR,
    "GET /people/{account}": ADMINISTRATOR,
    "POST /people/{account}/roles": ADMINISTRATOR,
    "POST /people/{account}/close": ADMINISTRATOR,
    "POST /people/{account}/open": ADMINISTRATOR,
    "POST /people/{account}/sign-out": ADMINISTRATOR,
    "POST /people/{account}/reset": ADMINISTRATOR,
    "POST /people/{account}/second-factor-off": ADMINISTRATOR,
    "GET /log": ADMINISTRATOR,
    "GET /look-up": ALL,
    "GET /look-up/results": ALL,
    "GET /look-up/{slug}": ALL,
    "GET /try": ALL,
    "POST /try": ALL,
    "GET /escalations": PATIENTS,
    "GET /escalations/list": PATIENTS,
    "GET /desk/waiting": PATIENTS,
    "GET /escalations/{id}": PATIENTS,
    "POST /escalations/{id}/acknowledge": PATIENTS,
    "POST /escalations/{id}/note": PATIENTS,
    "POST /escalations/{id}/outcome": PATIENTS,
    "POST /escalations/{id}/open": PATIENTS,
    "POST /escalations/{id}/erased": PATIENTS,
    "GET /talks": SUPPORT,
    "GET /talks/list": SUPPORT,
    "GET /talks/{id}": SUPPORT,
    "GET /talks/{id}/said": SUPPORT,
    "POST /talks/{id}/take": SUPPORT,
    "POST /talks/{id}/say": SUPPORT,
    "POST /talks/{id}/hand-back": SUPPORT,
    "POST /talks/{id}/close": SUPPORT,
    "POST /talks/{id}/open": SUPPORT,
    "POST /talks/step-in": SUPPORT,
    "GET /figures": ALL,
    "GET /figures.csv": ALL,
    "GET /unanswered": ANSWERING,
    "POST /unanswered/attach": ANSWERING,
    "POST /unanswered/start": ANSWERING,
    "POST /unanswered/out-of-scope": ANSWERING,
    "POST /unanswered/open": ANSWERING,
    "GET /improve": EDITORS,
    "POST /improve/new": EDITORS,
    "GET /improve/{key}": EDITORS,
    "GET /improve/{key}/state": EDITORS,
    "GET /improve/{key}/versions/{number}": EDITORS,
    "POST /improve/{key}/begin": EDITORS,
    "POST /improve/{key}/again": EDITORS,
    "POST /improve/{key}/submit": EDITORS,
    "POST /improve/{key}/withdraw": EDITORS,
    "POST /improve/{key}/send-back": EDITORS,
    "POST /improve/{key}/approve": EDITORS,
    "POST /improve/{key}/cancel": EDITORS,
    "POST /improve/{key}/versions/{number}/restore": EDITORS,
    "POST /improve/{key}/keep": EDITORS,
    "POST /improve/{key}/take": EDITORS,
    "GET /improve/{key}/edit": EDITORS,
    "POST /improve/{key}/edit": EDITORS,
    "POST /improve/{key}/check": EDITORS,
    "GET /improve/{key}/preview": EDITORS,
    "GET /improve/{key}/try": EDITORS,
    "GET /improve/{key}/review": EDITORS,
}
"""Every route, and who gets past its door: what stands here is decided by a person, not read from the code."""


def test_every_route_lets_in_whom_the_table_says_and_nobody_else(world: World) -> None:
    everybody: dict[str, Visitor] = {"nobody": world.nobody()}
    everybody |= {role.value: world.visitor(role) for role in Role}
    let_in = {
        route.name: " ".join(who for who, visitor in everybody.items() if gets_past(world, who, visitor, route))
        for route in all_routes(PARTS)
    }
    assert let_in == WHO_MAY


def test_a_route_without_a_permission_keeps_the_console_closed() -> None:
    part = Routes()
    part.get("/fine", Permission.LOOK_UP)(lambda visit: visit.to("/"))
    part.listed.append(Route("/forgotten", lambda request: None))
    with pytest.raises(PermissionMissing) as refused:
        all_routes([part])
    assert str(refused.value) == "/forgotten does not say who may use it; the console stays closed."


def gets_past(world: World, who: str, visitor: Visitor, route: Route) -> bool:
    """Whether the door opens. Forms are sent without their token, so that nothing is changed: whoever may send one
    hears that it is out of date."""
    path = route.path.replace("{", "").replace("}", "")
    if route.methods is not None and "POST" in route.methods:
        answer = visitor.client.post(path, follow_redirects=False)
        if answer.status_code == 403 and "The form is out of date" in answer.text:
            return True
    else:
        answer = visitor.client.get(path, follow_redirects=False)
    if who == "nobody" and answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?"):
        return False
    if who == "nobody" and answer.status_code == 303 and route.path not in ("/sign-in", "/sign-in/code"):
        return False
    if answer.status_code == 403:
        assert "Your role does not include this." in answer.text
        return False
    assert answer.status_code in (200, 303, 404, 410), (route.name, who, answer.status_code)
    return True
