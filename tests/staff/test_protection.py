"""What keeps the console's pages to the person they are for."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Route

from bot.staff.app import PARTS
from bot.staff.roles import Permission, Role
from bot.staff.routing import Routes, all_routes
from bot.staff.visit import Visit
from tests.staff.world import PASSWORD, World

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/people", "/no-such-page", "/join/no-such-link", "/health"])
def test_every_answer_carries_the_protecting_headers(world: World, path: str) -> None:
    answer = world.visitor(Role.SUPPORT).get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_files_are_looked_at_again_before_they_are_used_from_a_cache(world: World) -> None:
    answer = world.nobody().get("/static/console.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2Fapp.py", "console.css/..", "nothing.css", "%2e%2e", "console.css%00"]
)
def test_only_the_consoles_own_files_are_handed_out(world: World, name: str) -> None:
    answer = world.nobody().get(f"/static/{name}")
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_over_plain_http_on_this_machine_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    cookie = world.nobody().get("/sign-in").headers["set-cookie"]
    name, attributes = cookie.split("=")[0], sorted(part.strip() for part in cookie.split(";")[1:])
    assert (name, attributes) == ("clonus_staff", ["HttpOnly", "Path=/", "SameSite=lax"])


def test_over_https_the_cookie_belongs_to_this_host_and_to_https_alone(tmp_path: Path, library: Path) -> None:
    world = World(tmp_path, library_path=library, staff_public_url="https://staff.example")
    answer = world.nobody().get("/sign-in")
    name, attributes = answer.headers["set-cookie"].split("=")[0], answer.headers["set-cookie"].split(";")[1:]
    assert (name, sorted(part.strip() for part in attributes)) == (
        "__Host-clonus_staff",
        ["HttpOnly", "Path=/", "SameSite=lax", "Secure"],
    )
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert world.visitor(Role.SUPPORT).get("/account").url.path == "/account"
    world.close()


def form_routes() -> list[Route]:
    return [route for route in all_routes(PARTS) if route.methods and "POST" in route.methods]


@pytest.mark.parametrize("path", [route.path for route in form_routes()])
def test_no_form_is_taken_without_its_token(world: World, path: str) -> None:
    everybody = world.visitor(*Role)
    filled = path.replace("{account}", "1").replace("{", "").replace("}", "")
    before = world.log()
    answers = [
        everybody.client.post(filled, data={"csrf": token, "password": PASSWORD}, follow_redirects=False)
        for token in ("", "0" * 64, "é")
    ]
    assert [(answer.status_code, "The form is out of date" in answer.text) for answer in answers] == [(403, True)] * 3
    assert world.log() == before


def test_a_token_of_another_browser_is_worth_nothing(world: World) -> None:
    mine, other = world.visitor(Role.SUPPORT), world.visitor(Role.EDITOR)
    fields = {"csrf": other.token("/account"), "name": "Eve", "first_name": "Eve"}
    assert mine.client.post("/account/name", data=fields).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
    ],
)
def test_a_form_must_come_from_the_consoles_own_page(world: World, headers: dict[str, str], status: int) -> None:
    fields = {"name": "Anna Berg", "first_name": "Anna"}
    assert world.visitor(Role.SUPPORT).send("/account/name", fields, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"), [("http://localhost", 200), ("https://evil.example", 403), ("null", 403)]
)
def test_browsers_that_only_tell_the_origin_are_held_to_it(world: World, origin: str, status: int) -> None:
    visitor = world.visitor(Role.SUPPORT)
    del visitor.client.headers["Sec-Fetch-Site"]
    fields = {"name": "Anna Berg", "first_name": "Anna"}
    assert visitor.send("/account/name", fields, headers={"Origin": origin}).status_code == status


def test_a_request_that_is_too_long_is_not_read(world: World) -> None:
    answer = world.visitor(Role.SUPPORT).send("/account/name", {"name": "x" * 1_100_000})
    assert (answer.status_code, answer.text) == (413, "Too much was sent at once.")
    assert answer.headers["cache-control"] == "no-store"


def test_what_people_write_is_shown_as_text(world: World) -> None:
    visitor = world.visitor(Role.ADMINISTRATOR)
    name = "<script>alert(1)</script>"
    visitor.send("/account/name", {"name": name, "first_name": "<b>A</b>"})
    for path in ("/account", "/people", "/look-up?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        page = visitor.get(path).text
        assert name not in page
        assert "&lt;script&gt;" in page


def test_a_page_that_fails_says_so_and_keeps_its_protection(world: World) -> None:
    part = Routes()

    @part.get("/broken", Permission.SIGNED_IN)
    def broken(visit: Visit) -> None:  # type: ignore[arg-type]
        raise RuntimeError("a mistake with a secret in it")

    world.app.router.routes.extend(part.listed)
    answer = world.visitor(Role.SUPPORT).get("/broken")
    assert (answer.status_code, "Something went wrong" in answer.text, "secret" in answer.text) == (500, True, False)
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


def test_the_secret_of_a_second_factor_can_be_read_with_the_consoles_key_alone(tmp_path: Path, world: World) -> None:
    other = World(tmp_path, staff_secret="another secret of the tests", staff_database="sqlite://")
    locked = world.console.key.locked("a secret")
    assert (world.console.key.unlocked(locked), other.console.key.unlocked(locked)) == ("a secret", None)
    other.close()
